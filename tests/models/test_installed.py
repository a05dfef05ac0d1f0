"""Pose nets that a user adds: files are known by what they hold, and only what sees people is kept."""

import argparse
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import flatbuffers
import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema
from blazerig.cli import models as command
from blazerig.errors import BlazeRigError
from blazerig.models.conversion import bundles, wheel
from blazerig.models.conversion.bundles import convert_pose_nets
from blazerig.models.conversion.nets import NETS
from blazerig.models.installed import add_pose_net, installed, pose_net
from blazerig.models.sessions import Net

CACHE = Path(__file__).resolve().parents[2] / ".cache"


def original(name: str) -> bytes:
    path = CACHE / wheel._FILE
    if not path.is_file():
        pytest.skip(f"{path} is not there (python3 build.py models)")
    return wheel.read_net(path, next(net for net in NETS if net.name == name))


@pytest.fixture(scope="module")
def full() -> bytes:
    return original("pose_landmarks")


@pytest.fixture(scope="module")
def heavy(full: bytes) -> bytes:
    """The full net with kernels of one pixel among zeros: it has as many weights as the heavy one."""
    model = schema.ModelT.InitFromPackedBuf(full, 0)
    graph = model.subgraphs[0]
    kinds = [max(code.builtinCode, code.deprecatedBuiltinCode) for code in model.operatorCodes]
    halves = {
        op.outputs[0]: op.inputs[0]
        for op in graph.operators
        if kinds[op.opcodeIndex] == schema.BuiltinOperator.DEQUANTIZE
    }
    for op in graph.operators:
        weights = op.inputs[1] if kinds[op.opcodeIndex] == schema.BuiltinOperator.CONV_2D else None
        if (
            weights is None
            or list(graph.tensors[weights].shape[1:3]) != [1, 1]
            or op.builtinOptions.strideH > 1
        ):
            continue
        half, whole = graph.tensors[halves[weights]], graph.tensors[weights]
        values = np.asarray(model.buffers[half.buffer].data).view(np.float16).reshape(whole.shape)
        grown = np.pad(values, ((0, 0), (1, 1), (1, 1), (0, 0)))
        half.shape, whole.shape = list(grown.shape), list(grown.shape)
        model.buffers[half.buffer].data = np.frombuffer(grown.tobytes(), np.uint8)
        op.builtinOptions.padding = schema.Padding.SAME
    builder = flatbuffers.Builder(1 << 25)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BLAZERIG_DATA", str(tmp_path / "data"))
    return tmp_path / "data" / "nets"


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes], Path]:
    def write_file(name: str, data: bytes) -> Path:
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return write_file


def bundle(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name, data in members.items():
            file.writestr(f"{name}.tflite", data)
    return path


def add(path: Path) -> int:
    return command.run_add(argparse.Namespace(file=path))


def test_a_heavy_net_from_a_bundle_is_added_listed_and_gives_what_the_original_gives(
    tmp_path: Path, heavy: bytes, own_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    task = bundle(tmp_path / "any name", detector=original("pose_detector"), landmarks=heavy)
    with pytest.raises(BlazeRigError, match=r"the heavy pose model is not here.*blazerig models add"):
        pose_net("heavy")
    assert add(task) == 0
    path = own_folder / "pose_landmarks_heavy.onnx"
    assert str(path) in capsys.readouterr().out
    assert [net.path for net in installed() if net.added] == [path]
    crops = np.random.default_rng(3).integers(0, 256, (2, 256, 256, 3), np.uint8)
    for ours, theirs in zip(Net(pose_net("heavy"))(crops), Net("pose_landmarks")(crops), strict=True):
        assert np.abs(ours - theirs).max() <= 1e-4 * max(1.0, np.abs(theirs).max())
    command.run(argparse.Namespace())
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "heavy" in line]
    assert str(path) in line
    assert not list(own_folder.glob("*unfinished*"))


def test_the_lite_net_is_known_by_its_few_weights(
    write: Callable[[str, bytes], Path], full: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "_MOST_WEIGHTS", {"lite": 4_000_000})
    assert set(convert_pose_nets(write("a.bin", full))) == {"lite"}


def test_the_full_net_is_there_already(
    write: Callable[[str, bytes], Path], full: bytes, own_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(write("renamed.jpg", full)) == 0
    assert "comes with BlazeRig" in capsys.readouterr().out
    assert not own_folder.exists()
    assert pose_net("full") == "pose_landmarks"


def test_a_net_that_sees_nobody_is_not_kept(own_folder: Path, heavy: bytes, tmp_path: Path) -> None:
    model = schema.ModelT.InitFromPackedBuf(heavy, 0)
    largest = max(model.buffers, key=lambda buffer: 0 if buffer.data is None else len(buffer.data))
    largest.data = np.zeros_like(largest.data)
    builder = flatbuffers.Builder(1 << 25)
    builder.Finish(model.Pack(builder), b"TFL3")
    with pytest.raises(BlazeRigError, match="does not see a person"):
        add(bundle(tmp_path / "blind.task", landmarks=bytes(builder.Output())))
    with pytest.raises(BlazeRigError, match="does not see a person"):
        add_pose_net("lite", b"no graph")
    assert list(own_folder.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "harm", "said"),
    [
        ("cut.tflite", lambda data: data[: len(data) // 2], "is damaged, or of a kind"),
        ("text.task", lambda _: b"no model", "neither a .tflite model nor a .task bundle"),
        ("empty.tflite", lambda _: b"", "neither a .tflite model nor a .task bundle"),
        ("noise.tflite", lambda _: b"\x20\0\0\0TFL3" + bytes(range(256)), "is damaged, or of a kind"),
    ],
)
def test_what_is_no_model_is_refused(
    name: str, harm: Callable[[bytes], bytes], said: str, write: Callable[[str, bytes], Path], full: bytes
) -> None:
    with pytest.raises(BlazeRigError, match=said) as raised:
        convert_pose_nets(write(name, harm(full)))
    assert "\n" not in str(raised.value)


def test_a_bundle_that_is_cut_or_harmed_is_refused(tmp_path: Path, full: bytes) -> None:
    data = bundle(tmp_path / "whole.task", landmarks=full).read_bytes()
    (tmp_path / "cut.task").write_bytes(data[:-1000])
    (tmp_path / "harmed.task").write_bytes(data[:500_000] + bytes(64) + data[500_064:])
    with pytest.raises(BlazeRigError, match="or only a part of one"):
        convert_pose_nets(tmp_path / "cut.task")
    with pytest.raises(BlazeRigError, match=r"is damaged \(Bad CRC"):
        convert_pose_nets(tmp_path / "harmed.task")


def test_nets_of_another_kind_are_refused(tmp_path: Path, write: Callable[[str, bytes], Path]) -> None:
    hand = original("hand_landmarks")
    for path in (
        write("hand.tflite", hand),
        bundle(tmp_path / "h.task", hand=hand),
        bundle(tmp_path / "e.task"),
    ):
        with pytest.raises(BlazeRigError, match="holds no pose landmark net"):
            convert_pose_nets(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.task", tmp_path):
        with pytest.raises(BlazeRigError, match="cannot read"):
            convert_pose_nets(path)


def test_without_the_converters_packages_it_is_said_where_to_add(
    write: Callable[[str, bytes], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if "models.conversion" in name]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tflite", None)
    with pytest.raises(BlazeRigError, match="needs the package tflite"):
        add(write("a.tflite", b""))


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("BLAZERIG_DATA", str(tmp_path / "file"))
    with pytest.raises(BlazeRigError, match="cannot make"):
        add_pose_net("lite", b"")


def test_an_unknown_model_lists_the_known_ones() -> None:
    with pytest.raises(BlazeRigError, match="unknown model 'huge'; there are: lite, full, heavy"):
        pose_net("huge")
