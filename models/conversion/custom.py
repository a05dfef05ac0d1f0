"""MediaPipe's own operators, said in standard ONNX ones.

Their meaning stands in `mediapipe/util/tflite/operations`. Three of them, all of version 2, let the face net
look closer at parts of its own map, where its first landmarks lie: Landmarks2TransformMatrix places a region
around some of them, TransformTensorBilinear cuts it out, TransformLandmarks takes what was found in it back.
The region's place is a matrix `map_from_region`, (N, 4, 4), from pixels to pixels; only x and y matter.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from .builder import Builder
from .flatbuffer import Array, Operator

_SAME = 1
# A place that GridSample finds outside: its map reaches from -1 to 1.
_OUTSIDE = 3.0


def _transposed_convolution(graph: Builder, op: Operator) -> None:
    """`transpose_conv_bias.cc`. Weights OHWI become IOHW."""
    source, weights, bias = op.inputs
    kernel = graph.constants[weights].transpose(3, 0, 1, 2)
    window, strides = kernel.shape[2:], (op.options["StrideH"], op.options["StrideW"])
    if op.options["Padding"] == _SAME and window != strides:
        raise NotImplementedError("transposed convolution with pixels that overlap and padding")
    graph.node(
        "ConvTranspose",
        [graph.name(source), graph.constant(kernel), graph.constant(graph.constants[bias])],
        graph.name(op.outputs[0]),
        kernel_shape=window,
        strides=strides,
    )


def _landmarks_to_transform_matrix(graph: Builder, op: Operator) -> None:
    """`landmarks_to_transform_matrix.cc`: the box around a subset, upright with one line, enlarged."""
    _require_version_2(op)
    size = np.array([[op.options["output_width"]], [op.options["output_height"]]], np.float32)
    scale = np.array([[op.options["scale_x"]], [op.options["scale_y"]]], np.float32) / size
    map_from_upright = _map_from_upright(graph, op)
    upright_from_map = graph.node("Transpose", [map_from_upright], perm=(0, 2, 1))
    upright = graph.node("MatMul", [upright_from_map, _columns(graph, op, op.options["subset_idxs"])])
    low, high = (graph.node(kind, [upright], axes=(2,)) for kind in ("ReduceMin", "ReduceMax"))
    middle = graph.node("Mul", [graph.node("Add", [low, high]), graph.constant(np.float32(0.5))])
    # How far one pixel of the region reaches in the map, along the region's axes.
    steps = graph.node("Mul", [graph.node("Sub", [high, low]), graph.constant(scale)])
    turned = graph.node(
        "Mul", [map_from_upright, graph.node("Reshape", [steps, graph.constant(_shape(-1, 1, 2))])]
    )
    centre = graph.node("MatMul", [map_from_upright, middle])
    corner = graph.node("Sub", [centre, graph.node("MatMul", [turned, graph.constant(size / 2.0)])])
    rows = graph.node("Concat", [turned, corner], axis=2)
    with_z = graph.node("MatMul", [rows, graph.constant(np.eye(4, dtype=np.float32)[[0, 1, 3]])])
    padded = graph.node("Pad", [with_z, graph.constant(_shape(0, 0, 0, 0, 2, 0))])
    last_rows = np.diag(np.array((0, 0, 1, 1), np.float32))
    graph.node("Add", [padded, graph.constant(last_rows)], graph.name(op.outputs[0]))


def _map_from_upright(graph: Builder, op: Operator) -> str:
    """The rotation, (N, 2, 2), from axes in which the line between two landmarks has the target's angle."""
    left, right = (_columns(graph, op, [op.options[f"{end}_rotation_idx"]]) for end in ("left", "right"))
    line = graph.node("Sub", [right, left])
    direction = graph.node("Div", [line, graph.node("ReduceL2", [line], axes=(1,))])
    # Of a - t, where a is the angle of the line and t the target: cosine, minus sine; sine, cosine.
    cosine, sine = (turn(op.options["target_rotation_radians"]) for turn in (math.cos, math.sin))
    entries = np.array([(cosine, sine), (sine, -cosine), (-sine, cosine), (cosine, sine)], np.float32)
    flat = graph.node("MatMul", [graph.constant(entries), direction])
    return graph.node("Reshape", [flat, graph.constant(_shape(-1, 2, 2))])


def _columns(graph: Builder, op: Operator, landmarks: list[int]) -> str:
    """Where some landmarks are, x and y, (N, 2, L)."""
    chosen = graph.node(
        "Gather", [graph.name(op.inputs[0]), graph.constant(np.array(landmarks, np.int64))], axis=1
    )
    return graph.node("Transpose", [_part(graph, chosen, 2, 0, 2)], perm=(0, 2, 1))


def _transform_tensor_bilinear(graph: Builder, op: Operator) -> None:
    """`transform_tensor_bilinear.cc`: bilinear between the middles of pixels, zero beyond the outermost."""
    _require_version_2(op)
    source, matrix = op.inputs
    height, width = graph.shape(source)[1:3]
    rows, columns = op.options["output_height"], op.options["output_width"]
    y, x = (grid.ravel() + 0.5 for grid in np.mgrid[:rows, :columns])
    pixels = np.stack([x, y, np.zeros_like(x), np.ones_like(x)]).astype(np.float32)
    to_edge = 2.0 / np.array([[width - 1.0], [height - 1.0]], np.float32)
    places = graph.node("MatMul", [_part(graph, graph.name(matrix), 1, 0, 2), graph.constant(pixels)])
    places = graph.node("Mul", [places, graph.constant(to_edge)])
    places = graph.node("Add", [places, graph.constant(-0.5 * to_edge - 1.0)])
    farthest = graph.node("ReduceMax", [graph.node("Abs", [places])], axes=(1,))
    inside = graph.node("LessOrEqual", [farthest, graph.constant(np.float32(1.0))])
    places = graph.node("Where", [inside, places, graph.constant(np.float32(_OUTSIDE))])
    grid = graph.node(
        "Reshape",
        [graph.node("Transpose", [places], perm=(0, 2, 1)), graph.constant(_shape(-1, rows, columns, 2))],
    )
    graph.node("GridSample", [graph.name(source), grid], graph.name(op.outputs[0]), align_corners=1)


def _transform_landmarks(graph: Builder, op: Operator) -> None:
    """`transform_landmarks.cc`."""
    _require_version_2(op)
    landmarks, matrix = op.inputs
    if graph.shape(landmarks)[2] != 2:
        raise NotImplementedError("landmarks in other than two dimensions")
    rows = _part(graph, graph.name(matrix), 1, 0, 2)
    columns = graph.node("Transpose", [rows], perm=(0, 2, 1))
    turned = graph.node("MatMul", [graph.name(landmarks), _part(graph, columns, 1, 0, 2)])
    graph.node("Add", [turned, _part(graph, columns, 1, 3, 4)], graph.name(op.outputs[0]))


def _part(graph: Builder, source: str, axis: int, begin: int, end: int) -> str:
    limits = [graph.constant(_shape(limit)) for limit in (begin, end, axis)]
    return graph.node("Slice", [source, *limits])


def _shape(*sizes: int) -> Array:
    return np.array(sizes, np.int64)


def _require_version_2(op: Operator) -> None:
    if op.version != 2:
        raise NotImplementedError(f"{op.kind}, version {op.version}")


CUSTOM_OPERATORS: dict[str, Callable[[Builder, Operator], None]] = {
    "Convolution2DTransposeBias": _transposed_convolution,
    "Landmarks2TransformMatrix": _landmarks_to_transform_matrix,
    "TransformLandmarks": _transform_landmarks,
    "TransformTensorBilinear": _transform_tensor_bilinear,
}
