"""A solved motion: what the solver hands to retargeting and to BVH."""

from __future__ import annotations

from dataclasses import dataclass

from ..take import Floats


@dataclass(frozen=True)
class Pose:
    """The humanoid over F frames. Nothing in it is NaN.

    World axes as in Blender: metres, +Z up, floor at z = 0; the camera looks along +Y, so a
    performer who faces it faces -Y and the performer's left is +X.

    Attributes:
        times: Seconds. Shape (F,).
        rotations: World rotation of each slot from its T-pose, quaternions (w, x, y, z), in the
            order of `humanoid.SLOTS`. Shape (F, 52, 4).
        hips: World position of the hips joint. Shape (F, 3).
        rest: Joint positions of this performer in the T-pose, soles at z = 0. Shape (52, 3).
    """

    times: Floats
    rotations: Floats
    hips: Floats
    rest: Floats
