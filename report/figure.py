"""A frame as a picture: the footage where it is there, the limbs as solved and as seen."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..solver.humanoid import PARENTS, SLOTS
from ..solver.landmarks import ANKLES, EARS, ELBOWS, HEELS, HIPS, KNEES, NOSE, SHOULDERS, TOES, WRISTS
from ..solver.solution import Solution
from ..take import Floats, Take
from .measures import joints, project

WIDE = 480
"""Pixels across of the pictures in a report."""
QUALITY = 78
"""Of their JPEG."""
MARGIN = 0.25
"""Space around the performer against their height in the picture."""
SHAPE = 3 / 4
"""Width against height of the cut."""
_SEEN = (NOSE, *EARS, *SHOULDERS, *ELBOWS, *WRISTS, *HIPS, *KNEES, *ANKLES, *HEELS, *TOES)
_FINGERS = ("Thumb", "Index", "Middle", "Ring", "Little")


@dataclass(frozen=True)
class Cut:
    """The part of a picture that is shown, px of the footage."""

    x: float
    y: float
    width: float
    height: float


def figure(take: Take, solution: Solution, frame: int, picture: NDArray[Any] | None) -> str:
    """A frame as SVG, cut to the performer.

    Args:
        take: What was seen.
        solution: What was made of it.
        frame: Which frame.
        picture: The footage's, BGR, of the take's size; None to draw the limbs alone.
    """
    solved = project(solution, joints(solution)[frame])
    seen = np.asarray(take.body_image, float)[frame, :, :2]
    cut = _cut(np.concatenate([solved, seen]), take.size)
    line = cut.height / 130.0
    view = f"{cut.x:.1f} {cut.y:.1f} {cut.width:.1f} {cut.height:.1f}"
    return (
        f'<svg class="figure" viewBox="{view}" style="--line:{line:.2f}px" role="img">'
        f'<rect class="empty" x="{cut.x:.1f}" y="{cut.y:.1f}" width="100%" height="100%"/>'
        f"{_frame(take, picture, cut)}{_bones(solved)}{_points(seen, take, frame, line)}</svg>"
    )


def _cut(points: Floats, size: NDArray[Any]) -> Cut:
    """Around the points, in the shape that all pictures have."""
    points = points[np.isfinite(points).all(-1)]
    points = np.clip(points, -0.5 * size, 1.5 * size)
    low, high = points.min(0), points.max(0)
    middle, extent = (low + high) / 2, high - low
    height = max(extent[1] * (1 + MARGIN), extent[0] * (1 + MARGIN) / SHAPE, 32.0)
    return Cut(middle[0] - height * SHAPE / 2, middle[1] - height / 2, height * SHAPE, height)


def _frame(take: Take, picture: NDArray[Any] | None, cut: Cut) -> str:
    """The picture, or where its edges are."""
    width, height = (int(length) for length in take.size)
    if picture is None:
        return f'<rect class="edge" x="0" y="0" width="{width}" height="{height}"/>'
    left, top = max(int(cut.x), 0), max(int(cut.y), 0)
    right, bottom = min(int(cut.x + cut.width) + 1, width), min(int(cut.y + cut.height) + 1, height)
    if right <= left or bottom <= top:
        return ""
    scale = min(1.0, WIDE / cut.width)
    part = picture[top:bottom, left:right]
    small = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, packed = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    data = base64.b64encode(packed.tobytes()).decode("ascii")
    return (
        f'<image x="{left}" y="{top}" width="{right - left}" height="{bottom - top}" '
        f'preserveAspectRatio="none" href="data:image/jpeg;base64,{data}"/>'
    )


def _bones(solved: Floats) -> str:
    """The humanoid's bones, each with a dark edge."""
    drawn: list[str] = []
    for slot, parent, end in zip(SLOTS, PARENTS, solved, strict=True):
        if parent >= 0 and np.isfinite([*end, *solved[parent]]).all():
            side = next((side for side in ("left", "right") if slot.startswith(side)), "middle")
            fine = " fine" if any(finger in slot for finger in _FINGERS) else ""
            start = solved[parent]
            drawn.append(f'{side}{fine}" d="M{start[0]:.1f} {start[1]:.1f}L{end[0]:.1f} {end[1]:.1f}"/>')
    return "".join(f'<path class="halo {one}' for one in drawn) + "".join(
        f'<path class="bone {one}' for one in drawn
    )


def _points(seen: Floats, take: Take, frame: int, line: float) -> str:
    """The landmarks as they were seen, those of hands smaller."""
    hands = [np.asarray(hand.image, float)[frame, :, :2] for hand in (take.left, take.right)]
    sized = [(point, 0.8 * line) for point in seen[list(_SEEN)]]
    sized += [(point, 0.35 * line) for hand in hands for point in hand]
    return "".join(
        f'<circle class="seen" cx="{point[0]:.1f}" cy="{point[1]:.1f}" r="{radius:.1f}"/>'
        for point, radius in sized
        if np.isfinite(point).all()
    )
