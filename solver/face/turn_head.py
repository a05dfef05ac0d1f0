"""The body's head as the face shows it: the fit of a face tells its turn better than ears and nose do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from ...take import Floats
from .. import rotations
from ..camera import Camera
from ..causal.one_euro import low_pass
from ..humanoid import INDEX
from ..live_pose import LivePose
from ..smooth import smooth
from .face_motion import FaceMotion, head_in_world
from .within import within

WIDTH = 0.145
"""Of a face, temple to temple, metres."""
SHOWN = 15.0, 25.0
"""Widths of a face, px, below which it tells nothing and from which it tells all. Half of what its expression
needs."""
ASIDE = 0.9, 1.3
"""Radians off the camera up to which a face is seen well, and from which it is not."""
APART = 0.7, 1.2
"""Radians between the body's head and the face's from which one of them is doubted, and from which it is the
face."""
NECK = 0.5
"""Of the head's correction, the neck's share."""
EASE = 2.0
"""Hertz: how fast the one gives way to the other."""
LONGEST = 0.2
"""Seconds that a frame stands for at most."""
_NECK, _HEAD = INDEX["neck"], INDEX["head"]


def turn_head(
    turned: Floats, face: FaceMotion, seen: ArrayLike, camera: Camera, world_from_camera: Floats
) -> None:
    """Turn the head of a clip's `turned` slots (F, 52, 4), and the neck by its share, as the face is turned.

    Args:
        turned: World rotations, which are changed.
        face: As solved over the clip.
        seen: Whether there was a face. Shape (F,).
        camera: The footage's.
        world_from_camera: Shape (3, 3).
    """
    head, _ = head_in_world(face, world_from_camera, np.zeros(3))
    share = told(face, seen, camera) * agreed(turned[:, _HEAD], head)
    _turn(turned, head, within(smooth(share, face.times, EASE), 0.0, 1.0))


class LiveHead:
    """The same frame by frame."""

    def __init__(self) -> None:
        """With the body's own head."""
        self._share, self._time = np.zeros(1), 0.0

    def step(
        self, pose: LivePose, face: FaceMotion, camera: Camera, world_from_camera: Floats, *, seen: bool
    ) -> LivePose:
        """The pose with the head as the face of the same frame is turned.

        Args:
            pose: Of one frame.
            face: Of that frame.
            camera: The footage's.
            world_from_camera: As in `LiveSolver`. Shape (3, 3).
            seen: Whether there was a face; where not, the body's own head comes back.
        """
        seconds, self._time = min(max(pose.time - self._time, 0.0), LONGEST), pose.time
        turned = pose.rotations[None].copy()
        head, _ = head_in_world(face, world_from_camera, np.zeros(3))
        share = told(face, [seen], camera) * agreed(turned[:, _HEAD], head)
        self._share = self._share + low_pass(EASE, seconds) * (share - self._share)
        _turn(turned, head, self._share)
        return replace(pose, rotations=turned[0])


def told(face: FaceMotion, seen: ArrayLike, camera: Camera) -> Floats:
    """How much of the turn a face tells, 0 to 1: nothing where it is lost, tiny or turned off. (F,)."""
    width = WIDTH * camera.focal / np.maximum(face.place[:, 2], 1e-6)
    ahead = rotations.angle_between(face.head, rotations.IDENTITY)
    return np.asarray(seen, float) * _ramp(width, *SHOWN) * (1.0 - _ramp(ahead, *ASIDE))


def agreed(body: Floats, face: Floats) -> Floats:
    """1 where two heads (F, 4) are turned alike, 0 where they have nothing to do with each other. (F,)."""
    return 1.0 - _ramp(rotations.angle_between(body, face), *APART)


def _turn(turned: Floats, head: Floats, share: Floats) -> None:
    way = rotations.to_vector(rotations.multiply(head, rotations.inverse(turned[:, _HEAD])))
    for slot, part in ((_NECK, NECK), (_HEAD, 1.0)):
        correction = rotations.from_vector(part * share[:, None] * way)
        turned[:, slot] = rotations.multiply(correction, turned[:, slot])


def _ramp(values: Floats, none: float, whole: float) -> Floats:
    return within((values - none) / (whole - none), 0.0, 1.0)
