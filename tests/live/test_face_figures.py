"""What a session says of the face in the end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from blazerig.live.face_figures import FaceFigures
from blazerig.solver import rotations
from blazerig.solver.face.face_motion import FaceMotion, at_rest
from blazerig.solver.face.shapes import INDEX


def turned(pitch: float, yaw: float, roll: float, jaw: float = 0.0) -> FaceMotion:
    """Rotation vectors in degrees, camera axes: x right, y down, z away."""
    face = replace(
        at_rest(0.0),
        head=rotations.from_vector(np.radians([[pitch, yaw, roll]])),
        gaze=np.radians([[[10.0, 5.0], [8.0, 5.0]]]),
        trust=np.ones(1),
    )
    face.weights[0, INDEX["jawOpen"]] = jaw
    return face


def test_weights_have_their_mean_and_their_most_by_arkits_names() -> None:
    faces = FaceFigures()
    for jaw in (0.2, 0.6):
        faces.add(turned(0.0, 0.0, 0.0, jaw))
    found = faces.figures()
    assert found["seen"] == 1.0
    assert len(found["weights"]) == 52
    assert found["weights"]["jawOpen"] == {"mean": 0.4, "most": 0.6}
    assert found["weights"]["tongueOut"] == {"mean": 0.0, "most": 0.0}
    assert found["gaze_deg"] == {
        "left": {"yaw": [10.0, 10.0], "pitch": [5.0, 5.0]},
        "right": {"yaw": [8.0, 8.0], "pitch": [5.0, 5.0]},
    }


@pytest.mark.parametrize(
    ("vector", "angle"),
    [
        ((0.0, -20.0, 0.0), "yaw"),
        ((-20.0, 0.0, 0.0), "pitch"),
        ((20.0, 0.0, 0.0), "pitch"),
        ((0.0, 0.0, 20.0), "roll"),
    ],
)
def test_the_head_is_turned_as_it_was(vector: tuple[float, float, float], angle: str) -> None:
    faces = FaceFigures()
    faces.add(turned(0.0, 0.0, 0.0))
    faces.add(turned(*vector))
    found = faces.figures()["head_deg"]
    up = -20.0 if vector[0] > 0.0 else 20.0  # towards the left is the picture's right, and up is up
    assert found.pop(angle) == sorted([0.0, up])
    assert np.abs(list(found.values())).max() < 1e-6


def test_lost_faces_are_counted_and_nothing_else() -> None:
    faces = FaceFigures()
    assert faces.figures() == {"seen": 0.0}
    faces.add(at_rest(0.0))
    faces.add(turned(0.0, 30.0, 0.0, 0.5))
    faces.add(turned(0.0, 30.0, 0.0, 0.5))
    found = faces.figures()
    assert faces.count == 3
    assert found["seen"] == 0.667
    assert found["weights"]["jawOpen"]["mean"] == 0.5
