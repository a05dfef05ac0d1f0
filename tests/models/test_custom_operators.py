"""MediaPipe's operators, one by one, against their definitions pixel by pixel and point by point."""

import math

import numpy as np
import onnxruntime
import pytest
from blazerig.models.conversion.builder import Builder
from blazerig.models.conversion.custom import CUSTOM_OPERATORS
from blazerig.models.conversion.flatbuffer import Operator, Tensor
from onnx import TensorProto, helper


def run(kind: str, options: dict, *inputs: np.ndarray, constants: tuple[np.ndarray, ...] = ()) -> np.ndarray:
    """The output of one operator; inputs have four dimensions as NCHW, constants as in the file."""
    tensors = [Tensor(f"in{i}", _file_shape(values), None) for i, values in enumerate(inputs)]
    tensors += [Tensor("constant", values.shape, values) for values in constants]
    builder = Builder([*tensors, Tensor("out", (), None)])
    count = len(tensors)
    CUSTOM_OPERATORS[kind](builder, Operator(kind, tuple(range(count)), (count,), options, 2))
    names = [builder.name(i) for i in range(len(inputs))]
    model = helper.make_model(
        helper.make_graph(
            builder.nodes,
            kind,
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names],
            [helper.make_tensor_value_info(builder.name(count), TensorProto.FLOAT, None)],
            builder.initializers,
        ),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=8,
    )
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, dict(zip(names, inputs, strict=True)))[0]


def _file_shape(values: np.ndarray) -> tuple[int, ...]:
    return (1, *values.shape[2:], values.shape[1]) if values.ndim == 4 else (1, *values.shape[1:])


def placement(angle: float, scale: tuple[float, float], corner: tuple[float, float]) -> np.ndarray:
    """A matrix that scales along the axes of a region, turns it and puts its corner somewhere."""
    matrix = np.eye(4)
    cosine, sine = math.cos(angle), math.sin(angle)
    matrix[:2, :2] = np.array([(cosine, -sine), (sine, cosine)]) * scale
    matrix[:2, 3] = corner
    return matrix.astype(np.float32)


def test_a_region_is_cut_out_between_pixels_and_is_zero_beyond_the_outermost() -> None:
    random = np.random.default_rng(1)
    values = random.normal(size=(2, 3, 11, 14)).astype(np.float32)
    matrices = np.stack([placement(0.4, (1.1, 0.8), (2.0, -1.5)), placement(-2.0, (0.5, 2.0), (9.0, 9.0))])
    options = {"output_height": 6, "output_width": 8}
    found = run("TransformTensorBilinear", options, values, matrices)
    assert found.shape == (2, 3, 6, 8)
    zeros = 0
    for batch, row, column in np.ndindex(2, 6, 8):
        x, y = (matrices[batch] @ (column + 0.5, row + 0.5, 0.0, 1.0))[:2] - 0.5
        expected = np.zeros(3)
        if 0 <= x <= 13 and 0 <= y <= 10:
            left, top = min(int(x), 12), min(int(y), 9)
            right, below = x - left, y - top
            corners = values[batch, :, top : top + 2, left : left + 2]
            expected = np.array((1 - below, below)) @ corners @ np.array((1 - right, right))
        zeros += not expected.any()
        assert found[batch, :, row, column] == pytest.approx(expected, abs=1e-5)
    assert 10 < zeros < 86


@pytest.mark.parametrize("target", [0.0, 0.7])
def test_the_region_of_a_subset_lies_upright_around_its_box(target: float) -> None:
    random = np.random.default_rng(2)
    landmarks = random.uniform(0, 40, (3, 9, 3)).astype(np.float32)
    options = {
        "left_rotation_idx": 7,
        "right_rotation_idx": 2,
        "target_rotation_radians": target,
        "subset_idxs": [0, 2, 3, 5, 8],
        "output_width": 16,
        "output_height": 10,
        "scale_x": 1.5,
        "scale_y": 1.25,
    }
    matrices = run("Landmarks2TransformMatrix", options, landmarks)
    assert matrices.shape == (3, 4, 4)
    for face, matrix in zip(landmarks, matrices, strict=True):
        line = face[2] - face[7]
        turn = target - math.atan2(line[1], line[0])
        upright = np.array([(math.cos(turn), -math.sin(turn)), (math.sin(turn), math.cos(turn))])
        box = face[[0, 2, 3, 5, 8], :2] @ upright.T
        middle, sides = (box.max(0) + box.min(0)) / 2, np.ptp(box, axis=0) * (1.5, 1.25)
        for share in [(0.0, 0.0), (1.0, 0.0), (0.5, 0.5), (0.2, 0.9)]:
            pixel = np.array((*(np.array(share) * (16, 10)), 0.0, 1.0))
            expected = upright.T @ (middle + sides * (np.array(share) - 0.5))
            assert (matrix @ pixel)[:2] == pytest.approx(expected, abs=1e-3)
        assert (matrix[2:] == np.eye(4)[2:]).all()


def test_landmarks_of_a_region_are_taken_back_to_the_map() -> None:
    random = np.random.default_rng(3)
    landmarks = random.uniform(0, 16, (2, 5, 2)).astype(np.float32)
    matrices = np.stack([placement(0.4, (1.1, 0.8), (2.0, -1.5)), placement(-2.0, (0.5, 2.0), (9.0, 9.0))])
    found = run("TransformLandmarks", {}, landmarks, matrices)
    for batch, point in np.ndindex(2, 5):
        expected = (matrices[batch] @ (*landmarks[batch, point], 0.0, 1.0))[:2]
        assert found[batch, point] == pytest.approx(expected, abs=1e-4)


def test_a_transposed_convolution_spreads_every_pixel_and_adds_the_bias_once() -> None:
    random = np.random.default_rng(4)
    values = random.normal(size=(2, 3, 4, 5)).astype(np.float32)
    kernel, bias = random.normal(size=(2, 2, 2, 3)).astype(np.float32), np.array((0.5, -2.0), np.float32)
    options = {"Padding": 1, "StrideW": 2, "StrideH": 2}
    found = run("Convolution2DTransposeBias", options, values, constants=(kernel, bias))
    expected = np.tile(bias[None, :, None, None], (2, 1, 8, 10))
    for y, x in np.ndindex(4, 5):
        expected[:, :, 2 * y : 2 * y + 2, 2 * x : 2 * x + 2] += np.einsum(
            "ni,ohwi->nohw", values[:, :, y, x], kernel
        )
    assert found == pytest.approx(expected, abs=1e-5)


def test_another_version_of_an_operator_is_refused() -> None:
    builder = Builder([Tensor("in", (1, 9, 3), None), Tensor("out", (1, 4, 4), None)])
    first = Operator("Landmarks2TransformMatrix", (0,), (1,), {}, 1)
    with pytest.raises(NotImplementedError, match="version 1"):
        CUSTOM_OPERATORS[first.kind](builder, first)
