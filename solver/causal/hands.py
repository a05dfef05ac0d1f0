"""How both hands of a frame are turned and closed, by what `palm` and `fingers` find, in the order of time.

The two hands stand in place of two frames, so that one call sees both.
"""

from __future__ import annotations

from bisect import insort

import numpy as np
from numpy.typing import NDArray

from ...take import Floats, Hand, Take
from ..camera import Camera
from ..fingers import HIGH, LOW, RESTING, bend
from ..hand_model import turns
from ..hand_view import (
    MIRROR,
    OVERSHOOT,
    PALM_SEEN,
    STANDARD_PALM,
    HandView,
    apparent_lengths,
    tell_apart,
    view_of,
)
from ..humanoid import FINGERS, INDEX, SIDES, finger_slots
from ..palm import Palms, palm

FOLLOW = 0.03
"""Seconds in which fingers follow what is seen of them ..."""
RELAX = 0.5
"""... and in which those of a hand that is not seen relax."""
STEPS = 2
"""Gauss-Newton steps of the fingers, from where they were in the frame before."""
PALMS = 400
"""So many looks at a palm tell its length for good."""

FINGER_SLOTS = np.array(
    [[INDEX[slot] for finger in FINGERS for slot in finger_slots(side, finger)] for side in SIDES]
)
"""Slots of the fingers of both hands. Shape (2, 15)."""
_RIGHT = np.array([[False], [True]])
_MIRRORS = np.stack([np.ones((1, 4)), MIRROR[None]])


class Hands:
    """What is remembered of both hands."""

    def __init__(self, camera: Camera) -> None:
        """Seen by `camera`."""
        self._camera = camera
        self._angles = np.tile(RESTING, (2, 1, 1))
        self._lengths: list[float] = []

    def look(self, take: Take, depths: Floats) -> HandView:
        """Both hands of a frame, seen straight; `depths` (2,) of their wrists, metres."""
        left, right = hands = tell_apart(take)
        pixels = depths / self._camera.focal
        palm = self._palm(apparent_lengths(hands, pixels[None]))
        both = Hand(
            *(np.concatenate(pair) for pair in zip(vars(left).values(), vars(right).values(), strict=True))
        )
        return view_of("both", both, pixels, palm, self._camera, _RIGHT)

    def see(self, view: HandView, forearms: Floats, arms: Floats, seconds: float) -> Palms:
        """How both are turned, and their fingers with them.

        Args:
            view: As `look` found it.
            forearms: Rotations of both before pronation, camera axes. Shape (2, 4).
            arms: As `palm.arms` gives them for this frame. Shape (2, 4, 3).
            seconds: Since the frame before.
        """
        palms = palm(view, forearms, arms)
        turned = view.of_camera(palms.turned)
        self._follow(bend(view, turned, STEPS, self._angles), view.seen, seconds)
        return palms

    def relax(self, seconds: float) -> None:
        """No hand is seen."""
        self._follow(self._angles, np.zeros(2, bool), seconds)

    def _follow(self, angles: Floats, seen: NDArray[np.bool_], seconds: float) -> None:
        goal = np.where(seen[:, None, None], angles, RESTING)
        lasts = np.where(seen, FOLLOW, RELAX)[:, None, None]
        self._angles = self._angles + (1.0 - np.exp(-seconds / lasts)) * (goal - self._angles)

    def fingers(self) -> Floats:
        """Rotations of the fingers against both hands; at rest before any was seen. Shape (2, 15, 4)."""
        turned = turns(np.minimum(np.maximum(self._angles, LOW), HIGH))
        return turned.reshape(2, -1, 4) * _MIRRORS

    def _palm(self, lengths: Floats) -> float:
        """Length of the palm, metres, by its apparent `lengths` in this frame and before."""
        for length in lengths[: PALMS - len(self._lengths)]:
            insort(self._lengths, float(length))
        if not self._lengths:
            return STANDARD_PALM
        return self._lengths[int(PALM_SEEN / 100.0 * (len(self._lengths) - 1))] / OVERSHOOT
