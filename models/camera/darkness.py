"""Whether a camera's pictures have been black for a while: a cover, a privacy switch, no permission."""

from __future__ import annotations

import numpy as np

from ..roi import Picture

_GRID = 16
"""One pixel of so many across and down is looked at."""
_BLACK = 32
"""Of 255; a covered sensor shows noise below it."""
_SHARE = 99.0
"""Percent of the values that must be below."""
_SECONDS = 2.0


class Darkness:
    """Remembers since when pictures have been black."""

    def __init__(self) -> None:
        self._since: float | None = None

    def __call__(self, picture: Picture, time: float) -> bool:
        """Whether this picture, of `time` s, is black and all before it for two seconds were."""
        if np.percentile(picture[::_GRID, ::_GRID], _SHARE) >= _BLACK:
            self._since = None
            return False
        if self._since is None:
            self._since = time
        return time - self._since >= _SECONDS
