"""Body and face of one performer, solved and calibrated together."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from blazerig.live.solvers import FACE, NO_FACE, Solvers
from blazerig.solver.face.shapes import INDEX
from blazerig.solver.live import NOBODY
from blazerig.take import Take

SIZE, FOCAL = (1280, 720), 1000.0
LIDS = [INDEX["eyeBlinkLeft"], INDEX["eyeBlinkRight"]]
Frames = Callable[..., Take]


@pytest.fixture
def solvers() -> Solvers:
    return Solvers(SIZE, focal=FOCAL, face=True)


def run(solvers: Solvers, frame: Frames, eyes: list[float | None], began: float = 0.0) -> np.ndarray:
    """The lids of all frames. Shape (F, 2)."""
    faces = [solvers.step(frame(began + i / 30.0, shut)).face for i, shut in enumerate(eyes)]
    assert all(face is not None for face in faces)
    return np.concatenate([face.weights for face in faces])[:, LIDS]


def test_a_blink_is_in_the_frame_that_it_is_seen_in(solvers: Solvers, frame: Frames) -> None:
    lids = run(solvers, frame, [0.0] * 45 + [0.5, 1.0, 1.0])
    assert lids[30:45].max() < 0.05
    assert lids[-1].min() > 0.8


def test_a_face_that_is_lost_eases_to_rest_and_is_not_trusted(solvers: Solvers, frame: Frames) -> None:
    lids = run(solvers, frame, [0.0] * 45 + [1.0] * 5 + [None] * 30)
    assert lids[50].min() > 0.3
    assert lids[-1].max() < 0.1
    face = solvers.step(frame(9.0, None)).face
    assert face is not None
    assert face.trust[0] == 0.0


def test_both_are_measured_in_time(solvers: Solvers, frame: Frames) -> None:
    assert list(solvers.step(frame(0.0)).spent) == ["solve", "expression"]


def test_where_no_face_is_looked_for_there_is_none(frame: Frames) -> None:
    solved = Solvers(SIZE, face=False).step(frame(0.0))
    assert solved.face is None
    assert list(solved.spent) == ["solve"]


def test_a_calibration_is_for_the_face_too_and_tells_what_came_of_it(solvers: Solvers, frame: Frames) -> None:
    before = run(solvers, frame, [0.0] * 40 + [0.4] * 3)
    assert before[-1].min() > 0.2
    solvers.calibrate(0.5)
    assert solvers.calibrating == 0.5
    assert solvers.calibrated is None
    half = run(solvers, frame, [0.4] * 30, 1.5)
    assert half[-1].max() < 0.05  # these eyes are open as far as they ever are
    assert solvers.calibrating == 0.0
    assert solvers.calibrated is not None
    assert solvers.calibrated.endswith(f"; {FACE}")


def test_a_calibration_in_which_no_face_was_seen_says_so(solvers: Solvers, frame: Frames) -> None:
    solvers.calibrate(0.1)
    run(solvers, frame, [None] * 10)
    assert solvers.calibrated == f"{NOBODY}; {NO_FACE}"


def test_without_a_face_a_calibration_speaks_of_the_body_alone(frame: Frames) -> None:
    solvers = Solvers(SIZE, face=False)
    solvers.calibrate(0.1)
    for i in range(10):
        solvers.step(frame(i / 30.0))
    assert solvers.calibrated == NOBODY
