"""How each TensorFlow Lite operator is said in ONNX: one small function each, and the table of them.

Four-dimensional values are NHWC in the file and NCHW in the ONNX graph; all others are as in the file.
The batch is dimension 0 of both and stays free. Numbers follow the kernels' definitions in
`tensorflow/lite/kernels/internal/reference`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import onnx
import tflite
from numpy.typing import ArrayLike
from onnx import helper, numpy_helper

from .flatbuffer import Array, Operator, Tensor

# Permutations to each order from the other; `_NHWC[axis]` is also where an axis of the file is in ONNX.
_NCHW = (0, 3, 1, 2)
_NHWC = (0, 2, 3, 1)
_ACTIVATIONS = {tflite.ActivationFunctionType.NONE, tflite.ActivationFunctionType.RELU6}


class Builder:
    """The ONNX graph while it grows: nodes, initializers, and the constants known so far."""

    def __init__(self, tensors: Sequence[Tensor]) -> None:
        self.tensors = tensors
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []
        self.constants: dict[int, Array] = {
            i: tensor.constant for i, tensor in enumerate(tensors) if tensor.constant is not None
        }
        self._count = 0

    def name(self, index: int) -> str:
        """The ONNX name of a tensor of the file."""
        return f"t{index}"

    def shape(self, index: int) -> tuple[int, ...]:
        """The shape of a tensor in the file: NHWC where it has four dimensions."""
        return self.tensors[index].shape

    def fresh(self) -> str:
        """A name that no other value has."""
        self._count += 1
        return f"v{self._count}"

    def constant(self, values: ArrayLike) -> str:
        """A new initializer; returns its name."""
        name = self.fresh()
        self.initializers.append(numpy_helper.from_array(np.asarray(values, order="C"), name))
        return name

    def node(self, kind: str, inputs: Sequence[str], output: str = "", **attributes: Any) -> str:
        """A new node; returns the name of its only output."""
        output = output or self.fresh()
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def activated(self, options: dict[str, Any], make: Callable[[str], str], output: str) -> None:
        """Call `make` with the name to give its result, and put the fused activation after it."""
        activation = options["FusedActivationFunction"]
        if activation not in _ACTIVATIONS:
            raise NotImplementedError(f"fused activation {activation}")
        if activation == tflite.ActivationFunctionType.NONE:
            make(output)
            return
        limits = [self.constant(np.float32(limit)) for limit in (0.0, 6.0)]
        self.node("Clip", [make(self.fresh()), *limits], output)


def _add(graph: Builder, op: Operator) -> None:
    names = [graph.name(i) for i in op.inputs]
    graph.activated(op.options, lambda out: graph.node("Add", names, out), graph.name(op.outputs[0]))


def _concatenation(graph: Builder, op: Operator) -> None:
    rank = len(graph.shape(op.outputs[0]))
    axis = op.options["Axis"] % rank
    axis = _NHWC[axis] if rank == 4 else axis
    names = [graph.name(i) for i in op.inputs]
    graph.activated(
        op.options, lambda out: graph.node("Concat", names, out, axis=axis), graph.name(op.outputs[0])
    )


def _convolution(graph: Builder, op: Operator) -> None:
    """Weights OHWI become OIHW; depthwise 1HWC become C1HW with C groups."""
    source, weights, bias = op.inputs
    kernel = graph.constants[weights]
    depthwise = op.kind == "DEPTHWISE_CONV_2D"
    if depthwise and op.options["DepthMultiplier"] != 1:
        raise NotImplementedError("depthwise convolution with a multiplier")
    kernel = kernel.transpose(3, 0, 1, 2) if depthwise else kernel.transpose(_NCHW)
    window, strides, dilations = (
        kernel.shape[2:],
        _strides(op),
        _pair(op, "DilationHFactor", "DilationWFactor"),
    )
    attributes = {
        "group": kernel.shape[0] if depthwise else 1,
        "kernel_shape": window,
        "strides": strides,
        "dilations": dilations,
        "pads": _pads(op, graph.shape(source), window, strides, dilations),
    }
    names = [graph.name(source), graph.constant(kernel), graph.constant(graph.constants[bias])]
    graph.activated(
        op.options, lambda out: graph.node("Conv", names, out, **attributes), graph.name(op.outputs[0])
    )


def _depth_to_space(graph: Builder, op: Operator) -> None:
    graph.node(
        "DepthToSpace",
        [graph.name(op.inputs[0])],
        graph.name(op.outputs[0]),
        blocksize=op.options["BlockSize"],
        mode="DCR",
    )


def _dequantize(graph: Builder, op: Operator) -> None:
    graph.constants[op.outputs[0]] = graph.constants[op.inputs[0]].astype(np.float32)


def _densify(graph: Builder, op: Operator) -> None:
    graph.constants[op.outputs[0]] = graph.constants[op.inputs[0]]


def _fully_connected(graph: Builder, op: Operator) -> None:
    source, weights, bias = op.inputs
    names = [
        graph.name(source),
        graph.constant(graph.constants[weights]),
        graph.constant(graph.constants[bias]),
    ]
    graph.activated(
        op.options, lambda out: graph.node("Gemm", names, out, transB=1), graph.name(op.outputs[0])
    )


def _logistic(graph: Builder, op: Operator) -> None:
    graph.node("Sigmoid", [graph.name(op.inputs[0])], graph.name(op.outputs[0]))


def _max_pool(graph: Builder, op: Operator) -> None:
    window, strides = _pair(op, "FilterHeight", "FilterWidth"), _strides(op)
    pads = _pads(op, graph.shape(op.inputs[0]), window, strides, (1, 1))
    names = [graph.name(op.inputs[0])]
    graph.activated(
        op.options,
        lambda out: graph.node("MaxPool", names, out, kernel_shape=window, strides=strides, pads=pads),
        graph.name(op.outputs[0]),
    )


def _mean(graph: Builder, op: Operator) -> None:
    source, axes = op.inputs
    nchw = [_NHWC[int(axis)] for axis in graph.constants[axes]]
    keep = int(op.options["KeepDims"])
    graph.node("ReduceMean", [graph.name(source)], graph.name(op.outputs[0]), axes=nchw, keepdims=keep)


def _pad(graph: Builder, op: Operator) -> None:
    source, widths = op.inputs
    nchw = graph.constants[widths][list(_NCHW)].astype(np.int64)
    pads = graph.constant(nchw.T.reshape(-1))
    graph.node("Pad", [graph.name(source), pads, graph.constant(np.float32(0))], graph.name(op.outputs[0]))


def _prelu(graph: Builder, op: Operator) -> None:
    source, slope = op.inputs
    channels = graph.constant(graph.constants[slope].reshape(-1, 1, 1))
    graph.node("PRelu", [graph.name(source), channels], graph.name(op.outputs[0]))


def _reshape(graph: Builder, op: Operator) -> None:
    source = graph.name(op.inputs[0])
    shape = graph.shape(op.outputs[0])
    if len(graph.shape(op.inputs[0])) == 4:
        source = graph.node("Transpose", [source], perm=_NHWC)
    if len(shape) == 4:
        raise NotImplementedError("reshape to four dimensions")
    target = graph.constant(np.array((-1, *shape[1:]), np.int64))
    graph.node("Reshape", [source, target], graph.name(op.outputs[0]))


def _resize_bilinear(graph: Builder, op: Operator) -> None:
    if op.options["AlignCorners"] or not op.options["HalfPixelCenters"]:
        raise NotImplementedError("resize with other than half-pixel centres")
    before, after = graph.shape(op.inputs[0]), graph.shape(op.outputs[0])
    scales = np.array((1, 1, after[1] / before[1], after[2] / before[2]), np.float32)
    graph.node(
        "Resize",
        [graph.name(op.inputs[0]), "", graph.constant(scales)],
        graph.name(op.outputs[0]),
        mode="linear",
        coordinate_transformation_mode="half_pixel",
    )


def _strided_slice(graph: Builder, op: Operator) -> None:
    source, begin, end, strides = op.inputs
    if any(
        op.options[mask] for mask in ("BeginMask", "EndMask", "EllipsisMask", "NewAxisMask", "ShrinkAxisMask")
    ):
        raise NotImplementedError("strided slice with masks")
    limits = [graph.constant(graph.constants[i][1:].astype(np.int64)) for i in (begin, end)]
    axes = graph.constant(np.array([_NHWC[axis] for axis in (1, 2, 3)], np.int64))
    steps = graph.constant(graph.constants[strides][1:].astype(np.int64))
    graph.node("Slice", [graph.name(source), *limits, axes, steps], graph.name(op.outputs[0]))


def _pair(op: Operator, height: str, width: str) -> tuple[int, int]:
    return op.options[height], op.options[width]


def _strides(op: Operator) -> tuple[int, int]:
    return _pair(op, "StrideH", "StrideW")


def _pads(
    op: Operator,
    shape: tuple[int, ...],
    window: tuple[int, ...],
    strides: tuple[int, int],
    dilations: tuple[int, int],
) -> list[int]:
    """ONNX pads (top, left, bottom, right); SAME puts the odd pixel at the end, as the kernels do."""
    if op.options["Padding"] == tflite.Padding.VALID:
        return [0, 0, 0, 0]
    totals = [
        max((-(-size // stride) - 1) * stride + (kernel - 1) * dilation + 1 - size, 0)
        for size, kernel, stride, dilation in zip(shape[1:3], window, strides, dilations, strict=True)
    ]
    return [total // 2 for total in totals] + [total - total // 2 for total in totals]


OPERATORS: dict[str, Callable[[Builder, Operator], None]] = {
    "ADD": _add,
    "CONCATENATION": _concatenation,
    "CONV_2D": _convolution,
    "DENSIFY": _densify,
    "DEPTHWISE_CONV_2D": _convolution,
    "DEPTH_TO_SPACE": _depth_to_space,
    "DEQUANTIZE": _dequantize,
    "FULLY_CONNECTED": _fully_connected,
    "LOGISTIC": _logistic,
    "MAX_POOL_2D": _max_pool,
    "MEAN": _mean,
    "PAD": _pad,
    "PRELU": _prelu,
    "RESHAPE": _reshape,
    "RESIZE_BILINEAR": _resize_bilinear,
    "STRIDED_SLICE": _strided_slice,
}
