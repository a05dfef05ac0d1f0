"""Long clips in parts: memory stays bounded, and the parts join without a seam.

docs/derivations.md, WINDOWS.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .body import Body

WINDOW = 900
OVERLAP = 60
"""Frames that are fitted at once, and how many more on either side they are fitted with."""
SAMPLES = 6
SAMPLE = 100
"""From so many stretches of so many frames the lengths of a long clip are measured."""


def samples(frames: int) -> NDArray[np.intp]:
    """Which frames of a long clip its lengths are measured on: stretches, evenly spread."""
    firsts = np.linspace(0, frames - SAMPLE, SAMPLES).astype(int)
    return np.concatenate([np.arange(first, first + SAMPLE) for first in firsts])


def in_windows(fit: Callable[[slice], Body], frames: int) -> Body:
    """The body of all `frames`, from those that `fit` gives for parts of them with the same lengths."""
    parts: list[Body] = []
    for first in range(0, frames, WINDOW):
        start, end = max(0, first - OVERLAP), min(frames, first + WINDOW + OVERLAP)
        found = fit(slice(start, end))
        parts.append(found.part(slice(first - start, min(frames, first + WINDOW) - start)))
    return Body(
        np.concatenate([part.root for part in parts]),
        np.concatenate([part.balls for part in parts]),
        np.concatenate([part.bends for part in parts]),
        np.concatenate([part.angles for part in parts]),
        parts[0].lengths,
    )
