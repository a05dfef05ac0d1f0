"""From the bytes of a .tflite file to an ONNX model."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper

from .builder import NCHW, Builder
from .flatbuffer import Graph, read_graph
from .nets import Net
from .operators import OPERATORS
from .refinement import join_parts

_OPSET = 17
_IR_VERSION = 8


def convert(data: bytes, net: Net) -> onnx.ModelProto:
    """The ONNX model of one net.

    Its input `crop` is the picture as OpenCV cuts it, RGB: uint8, shape (N, H, W, 3) with N free; the
    scaling to the net's range of values is part of the graph. Outputs have the names that `net` gives
    them; those with four dimensions are NCHW.
    """
    graph = read_graph(data)
    kept = _kept_outputs(graph, net)
    builder = Builder(graph.tensors)
    _read_crop(builder, graph, net)
    needed = _needed(graph, set(kept.values()))
    for number, operator in enumerate(graph.operators):
        if number in needed:
            OPERATORS[operator.kind](builder, operator)
    shapes = _write_outputs(builder, graph, net, kept)
    crop = helper.make_tensor_value_info(
        "crop", TensorProto.UINT8, ["N", *graph.tensors[graph.inputs[0]].shape[1:]]
    )
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", *shape])
        for name, shape in shapes.items()
    ]
    model = helper.make_model(
        helper.make_graph(builder.nodes, net.name, [crop], outputs, builder.initializers),
        opset_imports=[helper.make_opsetid("", _OPSET)],
        ir_version=_IR_VERSION,
        producer_name="blazerig",
    )
    onnx.checker.check_model(model)
    return model


def _kept_outputs(graph: Graph, net: Net) -> dict[str, int]:
    """The tensors that are kept, by their names in ONNX."""
    indices = {graph.tensors[i].name: i for i in graph.outputs}
    return {renamed: indices[name] for name, renamed in net.outputs.items()}


def _write_outputs(
    builder: Builder, graph: Graph, net: Net, kept: dict[str, int]
) -> dict[str, tuple[int, ...]]:
    """Name the outputs; returns their shapes without the batch."""
    if net.joined:
        parts = {name: kept[name] for name in net.joined}
        joined = {"landmarks": join_parts(builder, graph, parts, "landmarks")}
    else:
        joined: dict[str, tuple[int, ...]] = {}
    alone = {name: index for name, index in kept.items() if name not in net.joined}
    for name, index in alone.items():
        builder.node("Identity", [builder.name(index)], name)
    return {**joined, **{name: _output_shape(builder.shape(index)) for name, index in alone.items()}}


def _needed(graph: Graph, outputs: set[int]) -> set[int]:
    """Numbers of the operators that `outputs` depend on."""
    wanted = set(outputs)
    needed: set[int] = set()
    for number in reversed(range(len(graph.operators))):
        operator = graph.operators[number]
        if wanted.intersection(operator.outputs):
            needed.add(number)
            wanted.update(operator.inputs)
    return needed


def _read_crop(builder: Builder, graph: Graph, net: Net) -> None:
    """uint8 NHWC to the float NCHW that the net's first operator reads."""
    low, high = net.value_range
    pixels = builder.node(
        "Transpose", [builder.node("Cast", ["crop"], to=TensorProto.FLOAT)], perm=(0, 3, 1, 2)
    )
    scaled = builder.node("Mul", [pixels, builder.constant(np.float32((high - low) / 255.0))])
    builder.node("Add", [scaled, builder.constant(np.float32(low))], builder.name(graph.inputs[0]))


def _output_shape(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(shape[axis] for axis in NCHW[1:]) if len(shape) == 4 else shape[1:]
