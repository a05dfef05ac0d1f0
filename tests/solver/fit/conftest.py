"""Bodies that move at random, and what perfect nets would see of them."""

from collections.abc import Callable

import numpy as np
import pytest
from blazerig.solver import rotations
from blazerig.solver.fit.body import Body, place
from blazerig.solver.fit.skeleton import ANGLES, BALLS, BENDS, LENGTHS
from blazerig.solver.landmarks import HIPS
from blazerig.solver.sight import Sight


def at_random(seed: int, frames: int) -> Body:
    """Any state at all, another in every frame."""
    random = np.random.default_rng(seed)
    return Body(
        random.normal([0.0, 0.0, 4.0], 0.5, (frames, 3)),
        rotations.normalise(random.normal(size=(frames, len(BALLS), 4))),
        0.5 * random.normal(size=(frames, len(BENDS), 3)),
        0.5 * random.normal(size=(frames, len(ANGLES))),
        0.2 * random.normal(size=len(LENGTHS)),
    )


def exactly_seen(body: Body, times: np.ndarray) -> Sight:
    """What says of a body all there is to say, but for the hands."""
    points = place(body).landmarks
    frames = len(points)
    return Sight(
        times=times,
        slopes=points[..., :2] / points[..., 2:],
        metric=points - points[:, list(HIPS)].mean(1, keepdims=True),
        trust=np.ones((frames, 33)),
        across=np.full((frames, 33), 0.01),
        error=np.full((frames, 33, 3), 0.05),
        hands=np.tile(rotations.IDENTITY, (frames, 2, 1)),
        hand_error=np.full((frames, 2), np.inf),
        noise=np.ones((frames, 33)),
        hidden=np.zeros((frames, 4)),
    )


@pytest.fixture(scope="session")
def random_body() -> Callable[[int, int], Body]:
    return at_random


@pytest.fixture(scope="session")
def perfect_sight() -> Callable[[Body, np.ndarray], Sight]:
    return exactly_seen
