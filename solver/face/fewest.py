"""Weights that are never below 0 and explain what is seen, exactly: a least-squares problem with bounds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...take import Floats

PATIENCE = 3
"""Exchanges that may bring nothing before they are made one by one."""
_EXACT = 1e-9


def fewest(curvature: Floats, sought: Floats, used: NDArray[np.bool_]) -> Floats:
    """The minimum of w A w / 2 - g w over w >= 0.

    Block principal pivoting (Júdice & Pires, Computers & Operations Research 21 (1994) 587; Kim & Park, SIAM
    J. Scientific Computing 33 (2011) 3261). From a set that is nearly right it takes one or two exchanges.

    Args:
        curvature: A, symmetric, positive definite. Shape (K, K).
        sought: g. Shape (K,).
        used: Which weights are thought to be above 0. Shape (K,).

    Returns:
        Shape (K,).
    """
    least, patience = len(sought) + 1, PATIENCE
    while True:
        places = used.nonzero()[0]
        weights = np.zeros(len(sought))
        weights[places] = np.linalg.solve(curvature.take(places, 0).take(places, 1), sought[places])
        wrong = np.where(used, weights, curvature @ weights - sought) < -_EXACT
        count = np.count_nonzero(wrong)
        if count == 0:
            return np.maximum(weights, 0.0)
        if count < least:
            least, patience = count, PATIENCE
        elif patience > 0:
            patience -= 1
        else:
            wrong[: wrong.nonzero()[0][-1]] = False
        used = used ^ wrong
