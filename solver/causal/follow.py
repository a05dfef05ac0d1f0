"""A performer followed from frame to frame in camera axes: body, lengths and hands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ...take import Floats, Take
from .. import rotations
from ..camera import Camera
from ..fit.body import Body, Placed
from ..fit.fit import ROUGH, fit
from ..fit.skeleton import NODE
from ..fit.start import start
from ..palm import arms
from ..sight import Sight
from . import filter as kalman
from .calibration import HINGES, Calibration
from .filter import Estimate
from .glances import Glances
from .hands import Hands
from .linear import Linear, place
from .relocate import Misfits, begun_anew
from .sides import Sides

SETTLES = 6.0
"""Seconds of a wholly trusted body after which its lengths are known for good."""
LOST = 0.5
"""Seconds without the performer after which nothing is expected of where they come back."""
LEAST_PIXELS, LEAST = 2.0, 0.1
"""Extent in the picture, pixels, and of the metric landmarks, metres, of the smallest body."""
_WRISTS = [NODE["leftWrist"], NODE["rightWrist"]]
_ELBOWS = [NODE["leftElbow"], NODE["rightElbow"]]


class Follower:
    """Knows where the performer is and how they move.

    Attributes:
        placed: Where the body is; None until somebody was seen.
        sight: What was seen of it in the last frame in which somebody was.
    """

    def __init__(self, camera: Camera) -> None:
        """Seen by `camera`."""
        self._sides, self._glances, self._hands = Sides(), Glances(camera), Hands(camera)
        self._estimate: Estimate | None = None
        self._at: Linear | None = None
        self._misfits = Misfits()
        self._stuck: list[int] = []
        self._lost, self._evidence = 0.0, 0.0
        self.placed: Placed | None = None
        self.sight: Sight | None = None

    @property
    def lengths(self) -> Floats | None:
        """Logarithms of the ratios to the standard person's (LENGTHS,); None until somebody was seen."""
        return None if self._estimate is None else self._estimate.body.lengths

    def fingers(self) -> Floats:
        """Rotations of both hands' fingers against the hands. Shape (2, 15, 4)."""
        return self._hands.fingers()

    @property
    def hidden(self) -> Floats | None:
        """How far each of `hidden.PARTS` is out of sight (PARTS,); None until somebody was seen."""
        return None if self.sight is None else self.sight.hidden[0]

    @property
    def measures(self) -> bool:
        """Whether the lengths are still measured."""
        return self._estimate is not None and self._estimate.measures

    def step(self, take: Take, seconds: float) -> bool:
        """One more frame, `seconds` after the one before; whether somebody was in it."""
        if _somebody(take):
            self._see(self._sides.step(take), seconds)
            return True
        self._lost += seconds
        self._hands.relax(seconds)
        if self._estimate is not None:
            self._estimate = kalman.predicted(self._estimate, seconds)
            self.placed = place(self._estimate.body)
        return False

    def expected(self, ahead: float) -> Placed | None:
        """Where the body will be so many seconds later; None until somebody was seen."""
        if ahead <= 0.0 or self._estimate is None:
            return self.placed
        return place(kalman.ahead(self._estimate, ahead))

    def watch(self, calibration: Calibration, world: Floats, seconds: float) -> None:
        """Let a calibration see the body, `world` (3, 3) being world_from_camera."""
        estimate, sight, placed = self._estimate, self.sight, self.placed
        if estimate is not None and sight is not None and placed is not None:
            calibration.step(estimate.body, placed, sight.trust[0], world, seconds)

    def measure_anew(self) -> None:
        """Learn lengths that were settled from now on."""
        if self._estimate is not None and not self._estimate.measures:
            self._estimate, self._evidence = kalman.unsettled(self._estimate), 0.0

    def settle(self, lengths: Floats | None = None) -> None:
        """The lengths are known for good: those of now, or `lengths`."""
        estimate = self._estimate
        if estimate is None:
            return
        if lengths is not None:
            estimate = replace(estimate, body=replace(estimate.body, lengths=lengths))
        self._estimate = kalman.settled(estimate) if estimate.measures else estimate

    @property
    def bends(self) -> Floats:
        """Of elbows and knees, left and right in turn, radians. Shape (4,)."""
        return np.zeros(4) if self._estimate is None else self._estimate.body.angles[0, HINGES]

    def lose(self) -> None:
        """Nothing came for long: nothing is expected of where they are."""
        self._lost = np.inf

    def hold(self, points: NDArray[np.intp], firm: Floats) -> None:
        """Landmarks that stand, `firm` from 0 to 1, do not move; both (K,)."""
        if self._estimate is not None and self._at is not None and len(points):
            self._estimate = kalman.stilled(self._estimate, self._at, points, firm)

    def _see(self, take: Take, seconds: float) -> None:
        sight = self._glances.step(take, seconds)
        if self._estimate is None or self._lost > LOST:
            self._estimate = self._begun(sight)
        else:
            self._estimate = kalman.predicted(self._estimate, seconds)
        self._lost = 0.0
        placed = self.placed = self.placed or place(self._estimate.body)
        view = self._hands.look(take, placed.places[0, _WRISTS, 2])
        if view.seen.any():
            forearms = rotations.from_matrix(placed.turned[0, _ELBOWS])
            palms = self._hands.see(view, forearms, arms(sight.metric)[0], seconds)
            sight = replace(sight, hands=palms.turned[None], hand_error=palms.error[None])
        else:
            self._hands.relax(seconds)
        if self._stuck:
            self._estimate = begun_anew(self._estimate, placed, sight, self._stuck)
        self._estimate, self._at = kalman.updated(self._estimate, sight, seconds)
        self._evidence += seconds * float(sight.trust.mean())
        if self._estimate.measures and self._evidence > SETTLES:
            self._estimate = kalman.settled(self._estimate)
        self.sight, self.placed = sight, place(self._estimate.body)
        self._stuck = self._misfits.step(self.placed, sight, seconds)

    def _begun(self, sight: Sight) -> Estimate:
        """A first estimate, or a new one of a performer whose lengths are known."""
        body = start(sight)
        known = self._estimate
        if known is not None:
            body = Body(body.root, body.balls, body.bends, body.angles, known.body.lengths)
        body = fit(sight, body, measure=False, tolerance=ROUGH)
        begun = kalman.begun(body)
        return kalman.settled(begun) if known is not None and not known.measures else begun


def _somebody(take: Take) -> bool:
    """Whether a take of one frame has a body in it, and one that is more than a point."""
    points = np.concatenate([take.body_image[0, :, :2], take.body_world[0]], axis=1)
    extent = points.max(0) - points.min(0)
    return bool(extent[:2].max() > LEAST_PIXELS and extent[2:].max() > LEAST and np.isfinite(extent).all())
