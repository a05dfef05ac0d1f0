"""Poses to send, and a port to send them to."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from blazerig.live.vmc.receiver import VmcReceiver
from blazerig.solver import rotations
from blazerig.solver.humanoid import ANKLE_HEIGHT, SLOTS, rest_pose
from blazerig.solver.live_pose import LivePose


def random_pose(seed: int, time: float = 5.0) -> LivePose:
    """Somebody taller than usual, with unequal arms, in a pose that nobody could take."""
    rng = np.random.default_rng(seed)
    scales = dict.fromkeys(SLOTS, 1.1) | {"leftLowerArm": 0.8, "rightHand": 0.9}
    return LivePose(
        time,
        rotations.normalise(rng.normal(size=(52, 4))),
        rng.normal(size=3),
        rest_pose(scales, 1.1 * ANKLE_HEIGHT),
        np.ones(33),
        np.zeros((33, 3)),
        np.zeros(4),
    )


@pytest.fixture
def pose() -> Callable[..., LivePose]:
    return random_pose


@pytest.fixture
def port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


@pytest.fixture
def receiver(port: int) -> Iterator[VmcReceiver]:
    """Listens at that port."""
    listening = VmcReceiver(port)
    yield listening
    listening.close()
