"""How each TensorFlow Lite operator is said in ONNX: one small function each, and the table of them.

Numbers follow the kernels' definitions in `tensorflow/lite/kernels/internal/reference`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import tflite

from .builder import NCHW, NHWC, Builder
from .custom import CUSTOM_OPERATORS
from .flatbuffer import Operator


def _average_pool(graph: Builder, op: Operator) -> None:
    source = op.inputs[0]
    if _pair(op, "FilterHeight", "FilterWidth") != graph.shape(source)[1:3]:
        raise NotImplementedError("average of other than a whole map")
    graph.activated(
        op.options,
        lambda out: graph.node("GlobalAveragePool", [graph.name(source)], out),
        graph.name(op.outputs[0]),
    )


def _binary(kind: str) -> Callable[[Builder, Operator], None]:
    def write(graph: Builder, op: Operator) -> None:
        names = [graph.value(i) for i in op.inputs]
        graph.activated(op.options, lambda out: graph.node(kind, names, out), graph.name(op.outputs[0]))

    return write


def _unary(kind: str) -> Callable[[Builder, Operator], None]:
    def write(graph: Builder, op: Operator) -> None:
        graph.node(kind, [graph.name(op.inputs[0])], graph.name(op.outputs[0]))

    return write


def _concatenation(graph: Builder, op: Operator) -> None:
    rank = len(graph.shape(op.outputs[0]))
    axis = op.options["Axis"] % rank
    axis = NHWC[axis] if rank == 4 else axis
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
    kernel = kernel.transpose(3, 0, 1, 2) if depthwise else kernel.transpose(NCHW)
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
    if sorted(graph.constants[axes].tolist()) != [1, 2]:
        raise NotImplementedError("mean of other than a whole map")
    output = graph.name(op.outputs[0])
    if op.options["KeepDims"]:
        graph.node("GlobalAveragePool", [graph.name(source)], output)
    else:
        graph.node("Flatten", [graph.node("GlobalAveragePool", [graph.name(source)])], output)


def _pad(graph: Builder, op: Operator) -> None:
    source, widths = op.inputs
    nchw = graph.constants[widths][list(NCHW)].astype(np.int64)
    pads = graph.constant(nchw.T.reshape(-1))
    graph.node("Pad", [graph.name(source), pads, graph.constant(np.float32(0))], graph.name(op.outputs[0]))


def _prelu(graph: Builder, op: Operator) -> None:
    """As slope * x + (1 - slope) * relu(x), the products being convolutions of one pixel.

    ONNX Runtime's PRelu leaves the blocked layout in which it convolves on a CPU: so written, the nets
    that have it run twice as fast.
    """
    source, slope = graph.name(op.inputs[0]), graph.constants[op.inputs[1]].reshape(-1, 1, 1, 1)
    positive = graph.node("Relu", [source])
    products = [
        graph.node("Conv", [name, graph.constant(kernel)], group=len(kernel), kernel_shape=(1, 1))
        for name, kernel in ((source, slope), (positive, 1.0 - slope))
    ]
    graph.node("Add", products, graph.name(op.outputs[0]))


def _reshape(graph: Builder, op: Operator) -> None:
    """A map of one pixel has the same numbers in either order."""
    source = graph.name(op.inputs[0])
    before, after = graph.shape(op.inputs[0]), graph.shape(op.outputs[0])
    if len(before) == 4 and before[1:3] != (1, 1):
        source = graph.node("Transpose", [source], perm=NHWC)
    if len(after) == 4:
        if after[1:3] != (1, 1):
            raise NotImplementedError("reshape to a map")
        after = tuple(after[axis] for axis in NCHW)
    target = graph.constant(np.array((-1, *after[1:]), np.int64))
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
    axes = graph.constant(np.array([NHWC[axis] for axis in (1, 2, 3)], np.int64))
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
    "ADD": _binary("Add"),
    "AVERAGE_POOL_2D": _average_pool,
    "CONCATENATION": _concatenation,
    "CONV_2D": _convolution,
    "DENSIFY": _densify,
    "DEPTHWISE_CONV_2D": _convolution,
    "DEPTH_TO_SPACE": _depth_to_space,
    "DEQUANTIZE": _dequantize,
    "FULLY_CONNECTED": _fully_connected,
    "HARD_SWISH": _unary("HardSwish"),
    "LOGISTIC": _unary("Sigmoid"),
    "MAX_POOL_2D": _max_pool,
    "MEAN": _mean,
    "MUL": _binary("Mul"),
    "PAD": _pad,
    "PRELU": _prelu,
    "RELU": _unary("Relu"),
    "RESHAPE": _reshape,
    "RESIZE_BILINEAR": _resize_bilinear,
    "STRIDED_SLICE": _strided_slice,
    **CUSTOM_OPERATORS,
}
