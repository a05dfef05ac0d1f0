"""The poses of the live clock, put together to a motion: what was shown, no frame of it solved anew."""

from __future__ import annotations

import numpy as np

from ..rows import Rows
from ..take import Floats
from .camera import Camera
from .live_pose import LivePose
from .pose import Pose
from .solution import Solution

_MOMENT = np.dtype(
    [
        ("time", "f8"),
        ("rotations", "f8", (52, 4)),
        ("hips", "f8", (3,)),
        ("height", "f8"),
        ("trust", "f4", (33,)),
        ("landmarks", "f4", (33, 3)),
        ("contacts", "f4", (4,)),
    ]
)


class LiveMotion:
    """Poses in the order of time: 2.3 kB each. Another thread may ask for the motion at any time."""

    def __init__(self) -> None:
        """Of no pose yet."""
        self._moments = Rows(kind=_MOMENT)
        self._rest: Floats | None = None

    def __len__(self) -> int:
        return len(self._moments)

    def add(self, pose: LivePose) -> None:
        """One more."""
        turned, moments = pose.rotations, self._moments
        if len(moments):  # of a quaternion and its negative the one that is nearer to the frame before
            against = (turned * moments.last()["rotations"]).sum(-1, keepdims=True) < 0.0
            turned = np.where(against, -turned, turned)
        height = pose.rest[0, 2]
        moments.add((pose.time, turned, pose.hips, height, pose.trust, pose.landmarks, pose.contacts))
        self._rest = pose.rest

    def solution(self, camera: Camera, world_from_camera: Floats, eye: Floats) -> Solution:
        """The motion on the body as it was known in the end; hips that stood lower on a smaller one rise.

        Args:
            camera: That the performer was seen by.
            world_from_camera: As in `Solution`. Shape (3, 3).
            eye: Likewise. Shape (3,).

        There must be a pose.
        """
        assert self._rest is not None
        rest, moments = self._rest, self._moments.first(len(self))
        grown = rest[0, 2] / moments["height"]
        return Solution(
            Pose(moments["time"], moments["rotations"], grown[:, None] * moments["hips"], rest),
            camera,
            world_from_camera,
            eye,
            trust=moments["trust"],
            landmarks=moments["landmarks"],
            contacts=np.pad(moments["contacts"], ((0, 0), (0, 2))),  # no hand stands
        )
