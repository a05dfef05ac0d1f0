"""What the live worker tells Blender comes out as it went in."""

import io
from dataclasses import replace

import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.live.wire import Picture, Seen, messages, note_message, picture_message, pose_message
from blazerig.solver.face.face_motion import FaceMotion
from blazerig.solver.live_pose import LivePose


def seen(rng: np.random.Generator) -> Seen:
    pose = LivePose(
        12.25,
        rng.normal(size=(52, 4)),
        rng.normal(size=3),
        rng.normal(size=(52, 3)),
        rng.uniform(size=33),
        np.full((33, 3), np.nan),
        rng.uniform(size=4),
    )
    body, left, right = rng.normal(size=(33, 2)), rng.normal(size=(21, 2)), np.full((21, 2), np.nan)
    face = FaceMotion(
        np.array([12.25]),
        rng.uniform(size=(1, 52)),
        rng.normal(size=(1, 4)),
        rng.normal(size=(1, 3)),
        rng.normal(size=(1, 2, 2)),
        rng.uniform(size=1),
    )
    return Seen(7, 12.25, 12.5, pose, True, body, left, right, face, rng.uniform(size=(36, 2)))


def test_every_kind_of_message_comes_out_as_it_went_in():
    rng = np.random.default_rng(0)
    sent = seen(rng)
    picture = Picture(7, rng.integers(0, 255, (4, 6, 3), np.uint8))
    note = {"state": "lost", "message": "plug it in"}
    pipe = io.BytesIO(pose_message(sent) + picture_message(picture) + note_message(note))
    got, shown, told = messages(pipe)
    assert isinstance(got, Seen)
    assert (got.number, got.captured, got.sent, got.seen) == (7, 12.25, 12.5, True)
    for name in ("rotations", "hips", "rest", "trust", "landmarks", "contacts"):
        np.testing.assert_allclose(getattr(got.pose, name), getattr(sent.pose, name), rtol=1e-6)
    for name in ("body", "left", "right", "outline"):
        np.testing.assert_allclose(getattr(got, name), getattr(sent, name), rtol=1e-6)
    assert got.face is not None
    for name in ("times", "weights", "head", "place", "gaze", "trust"):
        np.testing.assert_allclose(getattr(got.face, name), getattr(sent.face, name), rtol=1e-6)
    assert isinstance(shown, Picture)
    np.testing.assert_array_equal(shown.pixels, picture.pixels)
    assert told == note


def test_a_pose_without_a_face_comes_without_one():
    (got,) = messages(io.BytesIO(pose_message(replace(seen(np.random.default_rng(2)), face=None))))
    assert isinstance(got, Seen)
    assert got.face is None


@pytest.mark.parametrize("lost", [1, 5, 100])
def test_a_worker_that_dies_in_the_middle_of_a_message_just_ends_it(lost):
    whole = note_message({"a": 1}) + pose_message(seen(np.random.default_rng(1)))
    assert list(messages(io.BytesIO(whole[:-lost]))) == [{"a": 1}]


def test_what_is_no_message_is_refused():
    with pytest.raises(BlazeRigError, match="no message"):
        list(messages(io.BytesIO(b"Segmentation fault\n")))
