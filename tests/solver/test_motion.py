"""The motion's file, whole and damaged."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.solver.face.shapes import SHAPES
from blazerig.solver.face.table import load_table
from blazerig.solver.humanoid import PARENTS, SLOTS
from blazerig.solver.motion import VERSION, load_motion, save_motion
from blazerig.solver.solve import solve
from blazerig.take import Face, save_take


@pytest.fixture(scope="module")
def take(filmed, stance):
    return filmed(stance(frames=20))


@pytest.fixture(scope="module")
def solution(take):
    return solve(take)


@pytest.fixture
def path(solution, tmp_path):
    save_motion(solution, tmp_path / "motion.npz", source="walk.mp4", fps=29.97)
    return tmp_path / "motion.npz"


@pytest.fixture(scope="module")
def with_face(take):
    """The same take solved with a still face before the camera."""
    points = load_table().reference + np.array([0.0, 0.0, 0.6])
    image = np.tile(1000.0 * points / points[:, 2:] + [640.0, 360.0, 0.0], (20, 1, 1))
    return solve(dataclasses.replace(take, face=Face(image, np.ones(20))))


@pytest.fixture
def face_path(with_face, tmp_path):
    save_motion(with_face, tmp_path / "face.npz", source="walk.mp4", fps=29.97)
    return tmp_path / "face.npz"


def rewritten(path, **changed):
    """The file with some arrays replaced, or left out where they are None."""
    with np.load(path) as file:
        arrays = {**file, **changed}
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})


def test_a_motion_is_the_same_after_saving_and_loading(path, solution):
    loaded = load_motion(path)
    for one in ("times", "rotations", "hips", "rest"):
        assert np.array_equal(getattr(loaded.pose, one), getattr(solution.pose, one))
    for one in ("trust", "landmarks", "contacts"):
        np.testing.assert_allclose(getattr(loaded, one), getattr(solution, one), rtol=1e-6)
    assert loaded.camera.focal == solution.camera.focal
    assert np.array_equal(loaded.world_from_camera, solution.world_from_camera)
    assert [one.name for one in path.parent.iterdir()] == ["motion.npz"]


def test_a_face_that_was_seen_is_solved_with_the_body_and_kept_in_the_file(with_face, face_path):
    assert with_face.face.weights.shape == (20, 52)
    loaded = load_motion(face_path).face
    for name, values in vars(with_face.face).items():
        np.testing.assert_array_equal(getattr(loaded, name), values)
    with np.load(face_path, allow_pickle=False) as file:
        assert file["face_shapes"].tolist() == list(SHAPES)


def test_a_face_of_which_something_is_missing_is_refused(face_path):
    rewritten(face_path, face_head=None)
    with pytest.raises(BlazeRigError, match="face_head is missing"):
        load_motion(face_path)


def test_a_take_without_a_face_and_one_in_which_none_was_seen_give_a_motion_without(take, solution, path):
    nowhere = Face(np.full((20, 478, 3), np.nan), np.zeros(20))
    assert solution.face is None
    assert load_motion(path).face is None
    assert solve(dataclasses.replace(take, face=nowhere)).face is None


def test_a_motion_of_version_1_is_one_whose_hands_stand_nowhere(path, solution):
    rewritten(path, version=np.int32(1), contacts=solution.contacts[:, :4])
    contacts = load_motion(path).contacts
    np.testing.assert_array_equal(contacts[:, :4], solution.contacts[:, :4])
    assert contacts.shape == (20, 6)
    assert not contacts[:, 4:].any()


def test_the_file_explains_its_bones_and_its_footage_itself(path):
    with np.load(path, allow_pickle=False) as file:
        assert file["slots"].tolist() == list(SLOTS)
        assert file["parents"].tolist() == list(PARENTS)
        assert (str(file["source"]), float(file["fps"])) == ("walk.mp4", 29.97)


def test_the_page_about_the_format_names_every_array_and_no_other(face_path):
    page = (Path(__file__).parents[2] / "docs" / "motion-format.md").read_text(encoding="utf-8")
    with np.load(face_path) as file:
        rows = {line.split("`")[1] for line in page.splitlines() if line.startswith("| `")}
        assert rows == set(file.files)


def _text(path):
    path.write_text("no motion")


def _empty(path):
    path.write_bytes(b"")


def _cut(path):
    path.write_bytes(path.read_bytes()[:-2000])


def _half(path):
    rewritten(path, rotations=None)


def _shapes(path):
    rewritten(path, rotations=np.zeros((20, 17, 4)))


def _others(path):
    rewritten(path, slots=np.array([slot.upper() for slot in SLOTS]))


def _gaps(path):
    rewritten(path, hips=np.full((20, 3), np.nan))


def _later(path):
    rewritten(path, version=np.int32(VERSION + 1))


def _missing(path):
    path.unlink()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_text, "damaged or of another kind"), (_empty, "damaged or of another kind"),
        (_cut, "damaged or of another kind"), (_half, "no 'rotations'"), (_shapes, "'rotations' is"),
        (_others, "slots are others"), (_gaps, "gaps in hips"), (_later, "later BlazeRig"),
        (_missing, "does not exist"),
    ],
)  # fmt: skip
def test_what_is_no_motion_is_refused_in_one_line_that_names_it(path, spoil, said):
    spoil(path)
    with pytest.raises(BlazeRigError, match=said) as raised:
        load_motion(path)
    assert "motion.npz" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_take_is_no_motion(take, tmp_path):
    save_take(take, tmp_path / "take.npz")
    with pytest.raises(BlazeRigError, match=r"take\.npz is no motion: it has no 'rotations'"):
        load_motion(tmp_path / "take.npz")


def test_what_later_versions_add_is_no_trouble(path):
    rewritten(path, tail=np.zeros((20, 4)))
    assert len(load_motion(path).pose.times) == 20


def test_a_motion_that_cannot_be_written_leaves_nothing(solution, tmp_path):
    with pytest.raises(BlazeRigError, match="cannot write"):
        save_motion(solution, tmp_path / "missing" / "motion.npz", source="", fps=30.0)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_motion_is_a_motion(solution, tmp_path):
    pose = dataclasses.replace(
        solution.pose, **{one: getattr(solution.pose, one)[:0] for one in ("times", "rotations", "hips")}
    )
    short = {one: getattr(solution, one)[:0] for one in ("trust", "landmarks", "contacts")}
    save_motion(dataclasses.replace(solution, pose=pose, **short), tmp_path / "none.npz", source="", fps=30.0)
    assert len(load_motion(tmp_path / "none.npz").pose.times) == 0
