"""Takes and their files, whole and damaged."""

import os
import zipfile
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.take import VERSION, Face, Hand, Take, load_take, save_take


def random_take(frames: int, seed: int = 0, *, face: bool = False) -> Take:
    random = np.random.default_rng(seed)

    def landmarks(count: int) -> np.ndarray:
        values = random.normal(size=(frames, count, 3)).astype(np.float32)
        values[::3] = np.nan
        return values

    def hand() -> Hand:
        return Hand(landmarks(21), landmarks(21), random.random(frames).astype(np.float32))

    return Take(
        source="Füße & hands.mp4",
        fps=29.97,
        times=np.arange(frames) / 29.97,
        size=np.array((640, 480)),
        body_image=landmarks(33),
        body_world=landmarks(33),
        body_visibility=random.random((frames, 33)).astype(np.float32),
        body_confidence=random.random((frames, 33)).astype(np.float32),
        left=hand(),
        right=hand(),
        face=Face(landmarks(478), random.random(frames).astype(np.float32)) if face else None,
    )


@pytest.mark.parametrize("frames", [0, 1, 50])
def test_a_take_is_the_same_after_saving_and_loading(frames: int, tmp_path: Path) -> None:
    take = random_take(frames, face=True)
    save_take(take, tmp_path / "ein take.npz")
    loaded = load_take(tmp_path / "ein take.npz")
    assert len(loaded) == frames
    assert (loaded.source, loaded.fps) == (take.source, take.fps)
    assert loaded.times.tolist() == take.times.tolist()
    for name in ("size", "body_image", "body_world", "body_visibility", "body_confidence"):
        assert np.array_equal(getattr(loaded, name), getattr(take, name), equal_nan=True)
    for side in ("left", "right"):
        for field in fields(Hand):
            one, other = getattr(getattr(loaded, side), field.name), getattr(getattr(take, side), field.name)
            assert np.array_equal(one, other, equal_nan=True)
    assert take.face is not None
    assert loaded.face is not None
    assert np.array_equal(loaded.face.image, take.face.image, equal_nan=True)
    assert np.array_equal(loaded.face.score, take.face.score)
    assert [path.name for path in tmp_path.iterdir()] == ["ein take.npz"]


def test_a_take_without_a_face_stays_without(tmp_path: Path) -> None:
    save_take(random_take(3), tmp_path / "take.npz")
    assert load_take(tmp_path / "take.npz").face is None


def test_a_focal_length_is_kept_where_there_is_one(tmp_path: Path) -> None:
    for focal in (None, 1234.5):
        save_take(replace(random_take(3), focal=focal), tmp_path / "take.npz")
        assert load_take(tmp_path / "take.npz").focal == focal


def test_a_take_of_version_1_is_read_with_its_visibility_as_confidence(tmp_path: Path) -> None:
    take = random_take(3)
    save_take(take, tmp_path / "take.npz")
    with np.load(tmp_path / "take.npz") as file:
        arrays = {name: file[name] for name in file.files if name != "body_confidence"}
    np.savez(tmp_path / "take.npz", **{**arrays, "version": np.int32(1)})
    assert np.array_equal(load_take(tmp_path / "take.npz").body_confidence, take.body_visibility)


def test_the_file_holds_the_documented_arrays_in_their_shapes(tmp_path: Path) -> None:
    save_take(replace(random_take(7, face=True), focal=1000.0), tmp_path / "take.npz")
    with np.load(tmp_path / "take.npz", allow_pickle=False) as file:
        shapes = {name: file[name].shape for name in file.files}
    hands = {
        f"{side}_hand_{part}": shape
        for side in ("left", "right")
        for part, shape in (("image", (7, 21, 3)), ("world", (7, 21, 3)), ("score", (7,)))
    }
    body = {"body_image": (7, 33, 3), "body_world": (7, 33, 3)}
    body |= {"body_visibility": (7, 33), "body_confidence": (7, 33)}
    face = {"face_image": (7, 478, 3), "face_score": (7,)}
    clip = {"version": (), "source": (), "fps": (), "times": (7,), "size": (2,), "focal": ()}
    assert shapes == clip | body | hands | face


def test_the_page_about_the_format_names_every_array(tmp_path: Path) -> None:
    save_take(replace(random_take(2, face=True), focal=1000.0), tmp_path / "take.npz")
    page = (Path(__file__).parents[2] / "docs" / "take-format.md").read_text(encoding="utf-8")
    with np.load(tmp_path / "take.npz") as file:
        missing = [name for name in file.files if f"`{name}`" not in page]
    assert missing == []


def test_what_later_versions_add_is_no_trouble_but_a_later_version_is(tmp_path: Path) -> None:
    path = tmp_path / "take.npz"
    save_take(random_take(3), path)
    with np.load(path) as file:
        arrays = dict(file)
    np.savez(path, **arrays, tail_image=np.zeros((3, 9, 3)))
    assert len(load_take(path)) == 3
    np.savez(path, **{**arrays, "version": np.int32(VERSION + 1)})
    with pytest.raises(BlazeRigError, match="later BlazeRig"):
        load_take(path)


def _text(path: Path) -> None:
    path.write_text("no take")


def _empty(path: Path) -> None:
    path.touch()


def _cut(path: Path) -> None:
    save_take(random_take(30), path)
    path.write_bytes(path.read_bytes()[:-2000])


def _bits(path: Path) -> None:
    save_take(random_take(30), path)
    data = bytearray(path.read_bytes())
    data[len(data) // 3 : len(data) // 3 + 400] = bytes(400)
    path.write_bytes(data)


def _one_array(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.zeros(5))


def _pickle(path: Path) -> None:
    np.savez(path, version=np.array([{"a": 1}], object), body_world=np.zeros(3))


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "no array")


def _other_arrays(path: Path) -> None:
    np.savez(path, world=np.zeros((3, 33, 3)))


def _half(path: Path) -> None:
    save_take(random_take(3), path)
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files if not name.startswith("right")}
    np.savez(path, **arrays)


def _shapes(path: Path) -> None:
    save_take(random_take(3), path)
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    np.savez(path, **{**arrays, "body_world": np.zeros((3, 17, 3))})


def _half_a_face(path: Path) -> None:
    save_take(random_take(3), path)
    with np.load(path) as file:
        arrays = dict(file)
    np.savez(path, **arrays, face_image=np.zeros((3, 478, 3)))


def _lengths(path: Path) -> None:
    save_take(random_take(3), path)
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    np.savez(path, **{**arrays, "times": np.arange(9.0)})


def _missing(path: Path) -> None:
    assert not path.exists()


@pytest.mark.parametrize(
    "make",
    [
        *(_text, _empty, _cut, _bits, _one_array, _pickle, _zip, _other_arrays, _half, _shapes, _lengths),
        _half_a_face,
        *(_missing, Path.mkdir),
    ],
)
def test_what_is_no_take_is_refused_in_one_line_that_names_it(make: object, tmp_path: Path) -> None:
    path = tmp_path / "bad.npz"
    make(path)  # type: ignore[operator]
    with pytest.raises(BlazeRigError, match=r"bad\.npz") as raised:
        load_take(path)
    assert "\n" not in str(raised.value)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions bind no administrator")
def test_a_folder_without_permission_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(BlazeRigError, match="cannot write"):
        save_take(random_take(2), tmp_path / "take.npz")


def test_a_failed_save_leaves_the_old_take_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "take.npz"
    save_take(random_take(2), path)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(BlazeRigError, match="No space left"):
        save_take(random_take(9), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BlazeRigError, match="cannot write"):
        save_take(random_take(2), tmp_path / "nowhere" / "take.npz")
