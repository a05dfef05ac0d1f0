"""How far behind a stream its pictures are, where they come faster than they can be decoded."""

from __future__ import annotations

from dataclasses import dataclass

_LATE = 0.3
"""Seconds behind from which frames are skipped."""
_STANDING = 0.25
"""Seconds after which one is shown all the same."""
_HOPELESS = 3.0
_DRIFT = 1e-3
"""Seconds by which clocks of two machines may part in a second; quartzes keep to a tenth of that."""


@dataclass(frozen=True)
class Behind:
    """What is to be done with a frame.

    Attributes:
        skipped: No picture is to be made of it.
        hopeless: The stream is so far ahead that it is to be opened anew.
    """

    skipped: bool
    hopeless: bool


class Lag:
    """Compares when frames arrive with when they were made, as far as their stamps tell."""

    def __init__(self) -> None:
        self._least: float | None = None
        self._last = self._shown = 0.0

    def __call__(self, arrived: float, stamp: float | None) -> Behind:
        """What to do with the frame that arrived at `arrived` s and is stamped `stamp` s, if it is."""
        if stamp is None:
            return Behind(skipped=False, hopeless=False)
        delay = arrived - stamp
        if self._least is None:
            self._least, self._shown = delay, arrived
        self._least = min(delay, self._least + _DRIFT * max(0.0, arrived - self._last))
        self._last = arrived
        late = delay - self._least
        skipped = late > _LATE and arrived - self._shown < _STANDING
        if not skipped:
            self._shown = arrived
        return Behind(skipped, late > _HOPELESS)
