"""Left and right exchanged by the nets, caught as it happens: the forward half of the search of `swaps`."""

from __future__ import annotations

import numpy as np

from ...take import Floats, Take
from ..landmarks import MIRRORED
from ..swaps import EXCHANGED, JOINTS, jump, with_sides_exchanged


class Sides:
    """Which of a performer's sides is which."""

    def __init__(self) -> None:
        """The first frame is taken to be right."""
        self._before: Floats | None = None
        self._total = np.array([0.0, EXCHANGED])

    def step(self, take: Take) -> Take:
        """A take of one frame in which somebody was seen, left and right put right."""
        metric = np.asarray(take.body_world, float)
        points, other = metric[:, _JOINTS], metric[:, _OTHERS]
        if self._before is not None:
            size = float(np.ptp(points[0, :, :2], axis=0).max())
            straight, crossed = (jump(self._before, seen, size)[0] for seen in (points, other))
            reached = self._total[:, None] + np.array([[straight, crossed], [crossed, straight]])
            total = reached.min(0) + np.array([0.0, EXCHANGED])
            self._total = total - total.min()
        self._before = points
        if self._total[0] <= self._total[1]:
            return take
        return with_sides_exchanged(take, np.ones(1, bool))


_JOINTS = list(JOINTS)
_OTHERS = MIRRORED[_JOINTS]
