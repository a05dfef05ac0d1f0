"""Pose nets that a user has: `.tflite` files, and MediaPipe's `.task` bundles, which are zips of them.

They are known by what they hold, whatever their name: the shapes of their outputs, and how many weights make
them MediaPipe's lite, full or heavy model.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path

import onnx

from ...errors import BlazeRigError
from .convert import convert
from .flatbuffer import Graph, read_graph
from .nets import NETS, Net

_MAGIC = slice(4, 8), b"TFL3"
_INPUT = (1, 256, 256, 3)
_OUTPUTS = {"landmarks": (1, 195), "presence": (1, 1), "heatmaps": (1, 64, 64, 39), "world": (1, 117)}
# The models have 1.3, 3.2 and 13.6 million weights.
_MOST_WEIGHTS = {"lite": 2_000_000, "full": 6_500_000, "heavy": 50_000_000}
# What Python's readers raise on the bytes of something else or of a half.
_BROKEN = (
    struct.error,
    IndexError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    OverflowError,
    NotImplementedError,
    onnx.checker.ValidationError,
)
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


def convert_pose_nets(path: Path) -> dict[str, bytes]:
    """The ONNX files of the pose landmark nets in a file, by the name of the model: lite, full, heavy.

    Raises:
        BlazeRigError: The file cannot be read, is no model, or holds no pose landmark net.
    """
    found: dict[str, bytes] = {}
    for name, data in _models(path).items():
        try:
            graph = read_graph(data)
            model = _pose_model(graph)
            if model is not None:
                found[model] = convert(data, _described(graph)).SerializeToString()
        except _BROKEN as error:
            raise BlazeRigError(
                f"{name} is damaged, or of a kind that is not known; download it again"
            ) from error
    if not found:
        raise BlazeRigError(
            f"{path} holds no pose landmark net; MediaPipe's pose_landmarker_lite.task or _heavy.task does"
        )
    return found


def _models(path: Path) -> dict[str, bytes]:
    """The .tflite files in a file by their name, itself or the members of a zip."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BlazeRigError(f"cannot read {path}: {error.strerror}; check the path") from error
    if _is_model(data):
        return {str(path): data}
    if not zipfile.is_zipfile(path):
        raise BlazeRigError(f"{path} is neither a .tflite model nor a .task bundle, or only a part of one")
    try:
        with zipfile.ZipFile(path) as bundle:
            members = {f"{member} in {path}": bundle.read(member) for member in bundle.namelist()}
    except _BROKEN_ZIP as error:
        raise BlazeRigError(f"{path} is damaged ({error}); download it again") from error
    return {name: data for name, data in members.items() if _is_model(data)}


def _is_model(data: bytes) -> bool:
    place, magic = _MAGIC
    return data[place] == magic


def _pose_model(graph: Graph) -> str | None:
    """The name of the model; None where it is no pose landmark net."""
    shapes = {graph.tensors[index].shape for index in graph.outputs}
    if graph.tensors[graph.inputs[0]].shape != _INPUT or not shapes.issuperset(_OUTPUTS.values()):
        return None
    weights = sum(tensor.constant.size for tensor in graph.tensors if tensor.constant is not None)
    return next((model for model, most in _MOST_WEIGHTS.items() if weights <= most), None)


def _described(graph: Graph) -> Net:
    """Like the pose net of the wheel, with outputs by their shapes: names differ from file to file."""
    names = {graph.tensors[index].shape: graph.tensors[index].name for index in graph.outputs}
    known = next(net for net in NETS if net.name == "pose_landmarks")
    return Net(
        known.name, "", "", known.value_range, {names[shape]: name for name, shape in _OUTPUTS.items()}
    )
