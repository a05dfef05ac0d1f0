"""Reads a .tflite file into plain Python: tensors, constants, operators.

The schema is TensorFlow Lite's (`tensorflow/lite/schema/schema.fbs`); the `tflite` package holds its
accessors. No tensor of these nets is quantised: constants are float32, or float16 behind DEQUANTIZE.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
import tflite
from flatbuffers import flexbuffers
from numpy.typing import NDArray

Array = NDArray[Any]
Options = dict[str, Any]

_DTYPES = {
    tflite.TensorType.FLOAT32: np.float32,
    tflite.TensorType.FLOAT16: np.float16,
    tflite.TensorType.INT32: np.int32,
}
_OPERATOR_NAMES: dict[int, str] = {
    code: name for name, code in vars(tflite.BuiltinOperator).items() if isinstance(code, int)
}
_TRANSPOSE_CONV = struct.Struct("<3i")
_OPTION_TABLES: dict[str, Any] = {
    "ADD": tflite.AddOptions,
    "AVERAGE_POOL_2D": tflite.Pool2DOptions,
    "CONCATENATION": tflite.ConcatenationOptions,
    "CONV_2D": tflite.Conv2DOptions,
    "DEPTHWISE_CONV_2D": tflite.DepthwiseConv2DOptions,
    "DEPTH_TO_SPACE": tflite.DepthToSpaceOptions,
    "FULLY_CONNECTED": tflite.FullyConnectedOptions,
    "MAX_POOL_2D": tflite.Pool2DOptions,
    "MEAN": tflite.ReducerOptions,
    "MUL": tflite.MulOptions,
    "RESIZE_BILINEAR": tflite.ResizeBilinearOptions,
    "STRIDED_SLICE": tflite.StridedSliceOptions,
}


@dataclass(frozen=True)
class Tensor:
    """One value of the graph; `constant` is None where it is computed. Shapes are NHWC, batch 1."""

    name: str
    shape: tuple[int, ...]
    constant: Array | None


@dataclass(frozen=True)
class Operator:
    """One node: the indices of its tensors and its options by their name in the schema.

    `kind` is the name in the schema, for a custom operator its own name; `version` is that operator's.
    """

    kind: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options: Options
    version: int


@dataclass(frozen=True)
class Graph:
    """The first subgraph of a file, its operators in the order of execution."""

    tensors: tuple[Tensor, ...]
    operators: tuple[Operator, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


def read_graph(data: bytes) -> Graph:
    """Parse the bytes of a .tflite file."""
    model: Any = tflite.Model.GetRootAs(data, 0)
    graph = model.Subgraphs(0)
    return Graph(
        tensors=tuple(_tensor(model, graph.Tensors(i)) for i in range(graph.TensorsLength())),
        operators=tuple(_operator(model, graph.Operators(i)) for i in range(graph.OperatorsLength())),
        inputs=_indices(graph.InputsAsNumpy()),
        outputs=_indices(graph.OutputsAsNumpy()),
    )


def _indices(values: Any) -> tuple[int, ...]:
    return tuple(int(value) for value in np.atleast_1d(values))


def _tensor(model: Any, tensor: Any) -> Tensor:
    shape = _indices(tensor.ShapeAsNumpy()) if tensor.ShapeLength() else ()
    constant = None
    if model.Buffers(tensor.Buffer()).DataLength():
        values = model.Buffers(tensor.Buffer()).DataAsNumpy().view(_DTYPES[tensor.Type()])
        sparsity = tensor.Sparsity()
        constant = values.reshape(shape) if sparsity is None else densify(values, shape, _levels(sparsity))
    return Tensor(tensor.Name().decode(), shape, constant)


def _operator(model: Any, operator: Any) -> Operator:
    code = model.OperatorCodes(operator.OpcodeIndex())
    # Old files hold the code in a byte, new ones in an int; the greater one is meant.
    kind = _OPERATOR_NAMES[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
    inputs, outputs = _indices(operator.InputsAsNumpy()), _indices(operator.OutputsAsNumpy())
    if kind == "CUSTOM":
        return Operator(
            code.CustomCode().decode(), inputs, outputs, _custom_options(operator), code.Version()
        )
    return Operator(kind, inputs, outputs, _options(operator, kind), code.Version())


def _options(operator: Any, kind: str) -> Options:
    if kind not in _OPTION_TABLES or operator.BuiltinOptions() is None:
        return {}
    source = operator.BuiltinOptions()
    table = _OPTION_TABLES[kind]()
    table.Init(source.Bytes, source.Pos)
    accessors = [name for name in vars(type(table)) if name[0].isupper() and name != "Init"]
    scalars = [name for name in accessors if not name.startswith("GetRootAs") and "Identifier" not in name]
    return {name: getattr(table, name)() for name in scalars}


def _custom_options(operator: Any) -> Options:
    """A transposed convolution has the C struct TfLiteTransposeConvParams, the others a flexbuffer map."""
    if not operator.CustomOptionsLength():
        return {}
    data = operator.CustomOptionsAsNumpy().tobytes()
    if len(data) == _TRANSPOSE_CONV.size:
        return dict(zip(("Padding", "StrideW", "StrideH"), _TRANSPOSE_CONV.unpack(data), strict=True))
    options: Any = flexbuffers.Loads(data)
    return options


@dataclass(frozen=True)
class Level:
    """One dimension of a sparse tensor: dense of some `size`, or compressed rows (`segments`, `indices`)."""

    size: int
    segments: Array | None = None
    indices: Array | None = None


def densify(values: Array, shape: tuple[int, ...], levels: tuple[Level, ...]) -> Array:
    """The dense form of a sparse tensor whose dimensions are stored in their own order.

    Every stored value has one position in the tree of levels; walking down, a dense level gives each node
    `size` children, a compressed one those between two of its segments (schema.fbs, SparsityParameters).
    """
    positions = np.zeros((1, 0), np.int64)
    for level in levels:
        if level.segments is None or level.indices is None:
            parents = np.repeat(np.arange(len(positions)), level.size)
            children = np.tile(np.arange(level.size), len(positions))
        else:
            parents = np.repeat(np.arange(len(positions)), np.diff(level.segments))
            children = level.indices.astype(np.int64)
        positions = np.column_stack([positions[parents], children])
    dense = np.zeros(shape, values.dtype)
    # The file pads the values to a multiple of four bytes.
    dense[tuple(positions.T)] = values[: len(positions)]
    return dense


def _levels(sparsity: Any) -> tuple[Level, ...]:
    order = _indices(sparsity.TraversalOrderAsNumpy())
    if sparsity.BlockMapLength() or order != tuple(range(len(order))):
        raise NotImplementedError("a sparse tensor in blocks or in another order of its dimensions")
    return tuple(_level(sparsity.DimMetadata(i)) for i in range(sparsity.DimMetadataLength()))


def _level(dimension: Any) -> Level:
    if dimension.Format() == tflite.DimensionType.DENSE:
        return Level(dimension.DenseSize())
    return Level(
        0,
        _index_vector(dimension.ArraySegmentsType(), dimension.ArraySegments()),
        _index_vector(dimension.ArrayIndicesType(), dimension.ArrayIndices()),
    )


def _index_vector(kind: int, source: Any) -> Array:
    table: Any = {
        tflite.SparseIndexVector.Int32Vector: tflite.Int32Vector,
        tflite.SparseIndexVector.Uint16Vector: tflite.Uint16Vector,
        tflite.SparseIndexVector.Uint8Vector: tflite.Uint8Vector,
    }[kind]()
    table.Init(source.Bytes, source.Pos)
    return table.ValuesAsNumpy()
