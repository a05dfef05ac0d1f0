"""Whether a stream comes faster than its pictures can be made, so that it would be shown ever later.

Stamps are no evidence: cameras that send 24 frames a second and stamp 25 are common. But whoever keeps up
must wait for what comes next.
"""

from __future__ import annotations

from dataclasses import dataclass

_WAIT = 0.005
"""Seconds that count as having waited; other threads may hold us up for less."""
_LATE = 1.0
"""Seconds without having waited after which frames are skipped."""
_STANDING = 0.25
"""Seconds after which one is shown all the same."""
_HOPELESS = 10.0


@dataclass(frozen=True)
class Behind:
    """What is to be done with a frame.

    Attributes:
        skipped: No picture is to be made of it.
        hopeless: Not even skipping helps: the stream is to be opened anew.
    """

    skipped: bool
    hopeless: bool


class Lag:
    """Remembers when reading last had to wait."""

    def __init__(self) -> None:
        self._waited: float | None = None
        self._shown = 0.0

    def __call__(self, arrived: float, waited: float) -> Behind:
        """What to do with the frame that arrived at `arrived` s, after `waited` s of waiting."""
        if self._waited is None or waited >= _WAIT:
            self._waited = arrived
        busy = arrived - self._waited
        skipped = busy > _LATE and arrived - self._shown < _STANDING
        if not skipped:
            self._shown = arrived
        return Behind(skipped, busy > _HOPELESS)
