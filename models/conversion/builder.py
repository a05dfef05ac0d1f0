"""The ONNX graph while it grows.

Four-dimensional values are NHWC in the file and NCHW in the ONNX graph; all others are as in the file.
The batch is dimension 0 of both and stays free.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import onnx
import tflite
from numpy.typing import ArrayLike
from onnx import helper, numpy_helper

from .flatbuffer import Array, Tensor

NCHW = (0, 3, 1, 2)
NHWC = (0, 2, 3, 1)
"""Permutations to each order from the other; `NHWC[axis]` is also where an axis of the file is in ONNX."""


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

    def value(self, index: int) -> str:
        """The ONNX name of a tensor that may be constant: then it becomes an initializer."""
        if index not in self.constants:
            return self.name(index)
        constant = self.constants[index]
        return self.constant(constant.transpose(NCHW) if constant.ndim == 4 else constant)

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
        if activation == tflite.ActivationFunctionType.NONE:
            make(output)
        elif activation == tflite.ActivationFunctionType.RELU6:
            limits = [self.constant(np.float32(limit)) for limit in (0.0, 6.0)]
            self.node("Clip", [make(self.fresh()), *limits], output)
        else:
            raise NotImplementedError(f"fused activation {activation}")
