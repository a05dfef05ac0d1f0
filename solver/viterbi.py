"""The cheapest sequence of states over time, by dynamic programming.

Source: Viterbi, "Error bounds for convolutional codes and an asymptotically optimum decoding algorithm",
IEEE Trans. Information Theory 13 (1967) 260.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..take import Floats


def cheapest(costs: Floats, steps: Floats) -> NDArray[np.intp]:
    """The sequence with the least sum of what its states and the steps between them cost.

    Args:
        costs: Of each of S states in each frame, for any number of sequences at once. Shape (F, *, S).
        steps: From each state (row) to each of the next frame's (column); broadcast. Shape (F-1, *, S, S).

    Returns:
        The state of each frame. Shape (F, *).
    """
    frames = len(costs)
    steps = np.broadcast_to(steps, (max(frames - 1, 0), *costs.shape[1:], costs.shape[-1]))
    least = costs[0]
    before = np.zeros(costs.shape, np.intp)
    for i in range(1, frames):  # the cheapest way to a state follows from those of the frame before
        ways = least[..., None] + steps[i - 1]
        before[i] = ways.argmin(-2)
        least = ways.min(-2) + costs[i]
    path = np.empty((frames, least[..., 0].size), np.intp)
    path[-1] = least.argmin(-1).ravel()
    before, each = before.reshape(frames, -1, costs.shape[-1]), np.arange(path.shape[1])
    for i in range(frames - 1, 0, -1):
        path[i - 1] = before[i, each, path[i]]
    return path.reshape(costs.shape[:-1])
