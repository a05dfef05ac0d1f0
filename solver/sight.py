"""What is known of the performer, as the fit reads it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..take import Floats


@dataclass(frozen=True)
class Sight:
    """What was seen in F frames, in camera axes; nothing in it is NaN.

    Attributes:
        times: Seconds. Shape (F,).
        slopes: x/z and y/z of each landmark's viewing ray. Shape (F, 33, 2).
        metric: Metres from the middle of the hips, turned by the viewing ray. Shape (F, 33, 3).
        trust: 0 (not seen) to 1. Shape (F, 33).
        across: Standard error of a landmark across the view, metres. Shape (F, 33).
        error: Standard error of the metric landmarks, metres. Shape (F, 33, 3).
        hands: Rotation of the left and the right hand. Shape (F, 2, 4).
        hand_error: Its standard error, radians; infinite where none was seen. Shape (F, 2).
        noise: How large the errors of this clip are, as a share of `across` and `error`. Shape (F, 33).
        hidden: How far parts are out of sight for long, 0 to 1. Shape (F, `hidden.PARTS`).
    """

    times: Floats
    slopes: Floats
    metric: Floats
    trust: Floats
    across: Floats
    error: Floats
    hands: Floats
    hand_error: Floats
    noise: Floats
    hidden: Floats

    def part(self, frames: slice | NDArray[np.intp]) -> Sight:
        """The same of some of the frames."""
        return Sight(
            self.times[frames], self.slopes[frames], self.metric[frames], self.trust[frames],
            self.across[frames], self.error[frames], self.hands[frames], self.hand_error[frames],
            self.noise[frames], self.hidden[frames],
        )  # fmt: skip
