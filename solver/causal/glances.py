"""What one frame says of the performer: `evidence.gather` in the order of time."""

from __future__ import annotations

import numpy as np

from ...take import Floats, Take
from ..camera import Camera
from ..correction import correct
from ..evidence import ACROSS, first_look
from ..hidden import CUTOFF, out_of_sight, parts_trust, points_hidden, with_hips
from ..noise import noise
from ..rotations import IDENTITY
from ..sight import Sight
from .one_euro import low_pass

PERSISTENT = 0.7
"""The metric landmarks' errors are taken for smaller than they are: else motion would show late, as what
comes after does not speak for it (tuned on four rendered clips)."""
SETTLES = 2.0
"""Seconds after which it is known how far the landmarks can be believed."""


class Glances:
    """What has been seen so far, as far as it bears on what is seen next."""

    def __init__(self, camera: Camera) -> None:
        """By `camera`."""
        self._camera = camera
        self._trust: Floats | None = None
        self._share, self._seconds = 1.0, 0.0

    def step(self, take: Take, seconds: float) -> Sight:
        """What a take of one frame says, in which somebody was seen; the hands are left out."""
        slopes, metric, visible, trust = first_look(take, self._camera)
        if self._seconds < SETTLES:
            self._noise(noise(metric, slopes, visible), seconds)
        share = self._share
        better = correct(metric, slopes, np.asarray(take.body_visibility, float))
        lost = self._hidden(parts_trust(trust), seconds)
        trust = trust * (1.0 - points_hidden(lost))
        return Sight(
            np.asarray(take.times, float),
            slopes + share * (better.slopes - slopes),
            with_hips(metric + share * (better.metric - metric), lost),
            trust,
            ACROSS[None],
            PERSISTENT * better.error,
            _NO_HANDS,
            _UNKNOWN,
            1.0 - (1.0 - share) * trust,
            lost,
        )

    def _hidden(self, trust: Floats, seconds: float) -> Floats:
        """How far each of `PARTS` has been out of sight. Shape (1, PARTS)."""
        before = trust if self._trust is None else self._trust
        self._trust = before + low_pass(CUTOFF, seconds) * (trust - before)
        return out_of_sight(self._trust)

    def _noise(self, share: float, seconds: float) -> None:
        """Let the mean so far say what the landmarks of this camera and these nets are worth."""
        self._seconds += seconds
        self._share += (share - self._share) * seconds / self._seconds


_NO_HANDS, _UNKNOWN = np.tile(IDENTITY, (1, 2, 1)), np.full((1, 2), np.inf)
