"""What a perfect net sees of a face before the camera, as takes of one frame."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from blazerig.models.body import Body
from blazerig.models.face import SeenFace
from blazerig.models.holistic import Performer
from blazerig.models.recording import Recording
from blazerig.solver.face.table import load_table
from blazerig.take import Take

SHARED = Path(os.environ.get("BLAZERIG_SHARED", Path(__file__).resolve().parents[3] / "shared"))
SIZE, FOCAL, FAR = (1280, 720), 1000.0, 0.6
UPPER_LIDS = ((386, 385, 387), (159, 158, 160))
LOWER_LIDS = ((374, 380, 373), (145, 153, 144))


def somebody(shut: float | None = 0.0) -> Performer:
    """Whose eyes are shut so far; None for one whose face is not found."""
    body = Body(*(np.zeros((33, 3)) for _ in range(2)), *np.zeros((3, 33)))
    if shut is None:
        return Performer(body, body)
    points = load_table().reference.copy()
    for upper, lower in zip(UPPER_LIDS, LOWER_LIDS, strict=True):
        points[list(upper)] += shut * (points[list(lower)] - points[list(upper)])
    scale = FOCAL / (points[:, 2:] + FAR)
    image = np.concatenate(
        [scale * points[:, :2] + np.array(SIZE) / 2.0, FOCAL * points[:, 2:] / FAR], axis=-1
    )
    return Performer(body, body, face=SeenFace(image, 1.0))


def take_of(time: float, performer: Performer | None, *, face: bool = True) -> Take:
    """The frame, with a face where one is looked for."""
    seen = Recording(face=face)
    seen.add(time, performer)
    return seen.take("camera", 30.0, SIZE, FOCAL)


@pytest.fixture
def footage() -> Path:
    """A woman's head that turns and tilts, close before the camera."""
    path = SHARED / "media" / "video" / "tfjs_head_turns.mp4"
    if not path.is_file():
        pytest.skip(f"there is no footage at {path}")
    return path


@pytest.fixture
def frame() -> Callable[..., Take]:
    """A take of one frame at a time with eyes `shut` so far, None for a face that is not found."""
    return lambda time, shut=0.0: take_of(time, somebody(shut))
