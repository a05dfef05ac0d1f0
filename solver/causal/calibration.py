"""What a performer who stands in A- or T-pose tells of the camera and the body. docs/derivations.md, LIVE."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...take import Floats
from .. import rotations
from ..fit.body import Body, Placed
from ..fit.skeleton import NODE, angle_column
from ..humanoid import INDEX, SIDES
from ..landmarks import ANKLES, ELBOWS, HIPS, KNEES, SHOULDERS, WRISTS
from ..rest import ELBOW_HINGE, KNEE_HINGE

LEAST = 0.5
"""Seconds of the pose without which nothing is taken from it."""
SEEN = 0.5
"""Trust in joints below which they are not seen well enough."""
STILL = 0.6
"""m/s of the fastest elbow, wrist or knee of one who stands still, errors of the nets included."""
BENT = np.radians(40.0)
"""Limbs that are seen bent by less may be straight."""
RAISED = np.radians([15.0, 115.0])
"""How far arms of an A- or T-pose are raised from where they hang ..."""
ASIDE = np.radians(45.0)
"""... and how far ahead or behind at most; and so far the performer faces past the camera."""
FADES = np.radians(60.0)
"""Over so much further bending a straight limb's bias is no longer counted."""


@dataclass(frozen=True)
class Calibrated:
    """What the pose told.

    Attributes:
        seconds: For so long it was held.
        facing: Turn about what is up from the world's -Y to where the performer faced, radians.
        lean: From upright, forwards and sideways, as `Floor` counts it, radians (2,); None without legs.
        bends: By how much straight elbows and knees are seen bent, left and right in turn, radians (4,).
    """

    seconds: float
    facing: float
    lean: Floats | None
    bends: Floats


class Calibration:
    """Watches for the pose while it lasts."""

    def __init__(self) -> None:
        """Before the first frame."""
        self.somebody = False
        self._held, self._stood = 0.0, 0.0
        self._facing, self._lean, self._bends = np.zeros(2), np.zeros(2), np.zeros(4)
        self._bent = np.zeros(4)
        self._before: Floats | None = None

    def step(self, body: Body, placed: Placed, trust: Floats, world: Floats, seconds: float) -> None:
        """One more frame in which somebody was seen.

        Args:
            body: Solved, of one frame.
            placed: Where it is, camera axes.
            trust: In the landmarks. Shape (33,).
            world: world_from_camera, as it is known. Shape (3, 3).
            seconds: That the frame stands for.
        """
        self.somebody = True
        points, bends = placed.landmarks[0], body.angles[0, HINGES]
        ahead = world @ placed.turned[0, NODE["hips"]] @ -_BACK
        before, self._before = self._before, points[_MOVING]
        if before is None or rotations.length(points[_MOVING] - before).max() > STILL * seconds:
            return
        if trust[_UPPER].min() < SEEN or (bends[:2] > BENT).any():
            return
        if not _aside(placed.turned[0, NODE["upperChest"]].T @ (points[_ELBOWS] - points[_SHOULDERS]).T):
            return
        if np.arctan2(abs(ahead[0]), -ahead[1]) > ASIDE:
            return
        self._held += seconds
        self._facing += seconds * ahead[:2]
        self._add_bends(slice(0, 2), bends, seconds)
        if trust[_LOWER].min() < SEEN or (bends[2:] > BENT).any():
            return
        self._stood += seconds
        self._add_bends(slice(2, 4), bends, seconds)
        x, y, z = points[_SHOULDERS].mean(0) - points[_ANKLES].mean(0)
        self._lean += seconds * np.array([np.arctan2(-z, -y), np.arctan2(x, -y)])

    def _add_bends(self, limbs: slice, bends: Floats, seconds: float) -> None:
        self._bends[limbs] += seconds * np.maximum(bends[limbs], 0.0)
        self._bent[limbs] += seconds

    def found(self) -> Calibrated | None:
        """What it told; None where it was not held long enough."""
        if self._held < LEAST:
            return None
        x, y = self._facing
        lean = self._lean / self._stood if self._stood >= LEAST else None
        bends = self._bends / np.maximum(self._bent, 1e-9)
        return Calibrated(self._held, float(np.arctan2(x, -y)), lean, bends)


def _aside(arms: Floats) -> bool:
    """Whether both arms, as columns in the chest's T-pose axes (3, 2), are held out to their sides."""
    out, ahead, up = np.array([1.0, -1.0]) * arms[0], -arms[1], arms[2]
    raised = np.arctan2(out, -up)
    held = (raised > RAISED[0]) & (raised < RAISED[1]) & (np.abs(ahead) < np.tan(ASIDE) * out)
    return bool(held.all())


def straightened(turned: Floats, bends: Floats, biases: Floats) -> None:
    """Take the bend that straight limbs seem to have from those that are bent little.

    Both bones turn, so that the limb's end stays in its direction; hands and feet are left as they are.

    Args:
        turned: World rotations of the slots, changed in place. Shape (52, 4).
        bends: Of elbows and knees as they are solved, left and right in turn, radians. Shape (4,).
        biases: Of straight ones. Shape (4,).
    """
    share = np.minimum(np.maximum((biases + FADES - bends) / FADES, 0.0), 1.0)
    half = np.minimum(biases * share, np.maximum(bends, 0.0))[:, None] / 2.0
    axes = rotations.rotate(turned[_BONES[0]], _AXES)
    back = rotations.from_vector(half * axes)
    turned[_BONES[0]] = rotations.multiply(back, turned[_BONES[0]])
    turned[_BONES[1]] = rotations.multiply(rotations.inverse(back), turned[_BONES[1]])


def _columns() -> NDArray[np.intp]:
    """Where elbows and knees stand among the angles, left and right in turn."""
    first = angle_column("leftProtraction")
    return np.array([angle_column(f"{side}{name}") - first for name in ("Elbow", "Knee") for side in SIDES])


HINGES = _columns()
_BACK = np.array([0.0, 1.0, 0.0])
_SHOULDERS, _ELBOWS, _ANKLES = list(SHOULDERS), list(ELBOWS), list(ANKLES)
_UPPER = [*SHOULDERS, *ELBOWS, *WRISTS]
_MOVING = [*ELBOWS, *WRISTS, *KNEES]
_LOWER = [*HIPS, *KNEES, *ANKLES]
_BONES = np.array(
    [
        [INDEX[f"{side}{part}{limb}"] for limb in ("Arm", "Leg") for side in SIDES]
        for part in ("Upper", "Lower")
    ]
)
_AXES = np.stack([*(ELBOW_HINGE[side] for side in SIDES), KNEE_HINGE, KNEE_HINGE])
