"""The body's head as the face shows it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from blazerig.solver import rotations
from blazerig.solver.camera import Camera
from blazerig.solver.face.face_motion import FaceMotion
from blazerig.solver.face.turn_head import LiveHead, turn_head
from blazerig.solver.humanoid import INDEX, SLOTS
from blazerig.solver.live_pose import LivePose

CAMERA = Camera(700.0, np.array([640.0, 360.0]))
LEVEL = np.array([[1.0, 0, 0], [0, 0, 1.0], [0, -1.0, 0]])
NOD = rotations.from_vector(np.array([0.3, 0.0, 0.0]))
"""Of a head in the camera's axes; x is the world's x too."""
HEAD, NECK = INDEX["head"], INDEX["neck"]


def nodding(frames: int, far: float = 2.0) -> FaceMotion:
    return FaceMotion(
        np.arange(frames) / 30.0, np.zeros((frames, 52)), np.tile(NOD, (frames, 1)),
        np.tile([0.0, 0.0, far], (frames, 1)), np.zeros((frames, 2, 2)), np.ones(frames),
    )  # fmt: skip


def at_rest(frames: int) -> np.ndarray:
    return np.tile(rotations.IDENTITY, (frames, len(SLOTS), 1))


def angles(turned: np.ndarray) -> np.ndarray:
    return rotations.angle_between(turned, rotations.IDENTITY)


def test_the_head_is_turned_as_the_face_is_the_neck_by_half_and_nothing_else() -> None:
    turned = at_rest(30)
    turn_head(turned, nodding(30), np.ones(30, bool), CAMERA, LEVEL)
    assert np.allclose(rotations.to_vector(turned[:, HEAD]), [0.3, 0.0, 0.0], atol=1e-6)
    assert np.allclose(rotations.to_vector(turned[:, NECK]), [0.15, 0.0, 0.0], atol=1e-6)
    assert np.array_equal(
        np.delete(turned, [HEAD, NECK], axis=1), np.delete(at_rest(30), [HEAD, NECK], axis=1)
    )


def test_where_the_face_is_lost_the_body_has_its_own_head_and_nothing_jumps() -> None:
    turned, seen = at_rest(90), np.arange(90) < 45
    turn_head(turned, nodding(90), seen, CAMERA, LEVEL)
    found = angles(turned[:, HEAD])
    assert found[:30].min() > 0.28
    assert found[60:].max() < 0.02
    assert np.abs(np.diff(found)).max() < 0.05


def test_faces_that_are_tiny_look_aside_or_are_of_somebody_else_are_not_asked() -> None:
    aside = rotations.from_vector(np.array([0.0, 1.4, 0.0]))
    for face in (nodding(30, far=9.0), replace(nodding(30), head=np.tile(aside, (30, 1)))):
        turned = at_rest(30)
        turn_head(turned, face, np.ones(30, bool), CAMERA, LEVEL)
        assert angles(turned[:, HEAD]).max() < 1e-6
    away = at_rest(30)
    away[:, HEAD] = [0.0, 0.0, 0.0, 1.0]
    before = away.copy()
    turn_head(away, nodding(30), np.ones(30, bool), CAMERA, LEVEL)
    assert np.allclose(away, before)


def test_live_the_head_goes_over_to_the_face_and_back_within_a_quarter_of_a_second() -> None:
    live = LiveHead()
    nothing = np.zeros((52, 3))
    pose = LivePose(0.0, at_rest(1)[0], np.zeros(3), nothing, np.ones(33), np.zeros((33, 3)), np.zeros(4))
    found = [
        live.step(replace(pose, time=k / 30.0), nodding(1), CAMERA, LEVEL, seen=k <= 15) for k in range(1, 31)
    ]
    turned = angles(np.stack([one.rotations[HEAD] for one in found]))
    assert turned[8] > 0.27
    assert turned[23] < 0.03
    assert np.abs(np.diff(turned)).max() < 0.13
    assert np.array_equal(found[10].rotations[INDEX["hips"]], rotations.IDENTITY)
