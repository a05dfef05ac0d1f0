"""What an armature's present Action shows where new keys take the place of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .actions import Animation

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Present:
    """The animation that is there, over the frames of new keys.

    Attributes:
        animation: Of the armature.
        frames: Shape (F,).
        share: Of the new keys, at each frame, from 0 to 1. Shape (F,).
    """

    animation: Animation
    frames: Floats
    share: Floats

    def values(self, path: str, held: Floats) -> Floats:
        """A property's values (F, C) at both ends and where they have a share; elsewhere `held` (C,).

        Args:
            path: Of the property.
            held: What it has where no F-curve says otherwise.
        """
        found = np.tile(np.asarray(held, float), (len(self.frames), 1))
        asked = self.share < 1.0
        asked[[0, -1]] = True
        for index in range(found.shape[1]):
            curve = self.animation.find(path, index)
            if curve is not None and len(curve.keyframe_points):
                found[asked, index] = [curve.evaluate(frame) for frame in self.frames[asked]]
        return found


def shares(frames: Floats, over: float) -> Floats:
    """How much of the new shows at each frame (F,): rising from the first and falling to the last, smoothly.

    Args:
        frames: Rising. Shape (F,).
        over: Frames of blending at each end; 0 for none. At most half of all are taken.
    """
    length = min(over, (frames[-1] - frames[0]) / 2.0)
    if length <= 0.0:
        return np.ones(len(frames))
    inside = np.minimum(frames - frames[0], frames[-1] - frames)
    t = np.clip(inside / length, 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)
