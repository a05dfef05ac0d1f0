"""A face in a mirror: who turns to the left is seen to turn to the right."""

from __future__ import annotations

import numpy as np
from blazerig.solver import rotations
from blazerig.solver.face.face_motion import FaceMotion
from blazerig.solver.face.gaze import looks_of
from blazerig.solver.face.mirror import mirrored_face
from blazerig.solver.face.shapes import INDEX


def face_of(vector: tuple[float, float, float], place: tuple[float, float, float]) -> FaceMotion:
    gaze = np.array([[[0.3, 0.1], [0.2, 0.1]]])
    weights = looks_of(gaze)
    weights[0, INDEX["mouthSmileLeft"]] = 0.7
    return FaceMotion(
        np.zeros(1), weights, rotations.from_vector(np.array([vector])), np.array([place]), gaze, np.ones(1)
    )


def test_a_nod_stays_and_turns_tilts_places_and_looks_are_the_other_way_round() -> None:
    seen = mirrored_face(face_of((0.2, 0.4, -0.3), (0.1, -0.2, 0.9)))
    expected = rotations.from_vector(np.array([0.2, -0.4, 0.3]))
    assert rotations.angle_between(seen.head[0], expected) < 1e-6
    np.testing.assert_allclose(seen.place[0], [-0.1, -0.2, 0.9])
    np.testing.assert_allclose(seen.gaze[0], [[-0.2, 0.1], [-0.3, 0.1]])
    assert seen.weights[0, INDEX["mouthSmileRight"]] == 0.7
    assert seen.weights[0, INDEX["mouthSmileLeft"]] == 0.0


def test_the_looks_of_the_mirrored_gaze_are_the_mirrored_looks() -> None:
    seen = mirrored_face(face_of((0.0, 0.0, 0.0), (0.0, 0.0, 1.0)))
    looks = looks_of(seen.gaze)
    np.testing.assert_allclose(np.where(looks > 0.0, seen.weights, 0.0), looks)


def test_a_mirror_in_a_mirror_shows_what_is_there() -> None:
    face = face_of((0.2, 0.4, -0.3), (0.1, -0.2, 0.9))
    twice = mirrored_face(mirrored_face(face))
    for name in ("weights", "head", "place", "gaze", "trust"):
        np.testing.assert_array_equal(getattr(twice, name), getattr(face, name))
