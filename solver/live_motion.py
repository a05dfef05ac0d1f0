"""Poses and faces of the live clock, put together to a motion: what was shown, no frame solved anew."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..rows import Rows
from ..take import Floats
from . import rotations
from .camera import Camera
from .face.face_motion import FaceMotion, at_rest
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
        ("weights", "f4", (52,)),
        ("head", "f8", (4,)),
        ("place", "f8", (3,)),
        ("gaze", "f8", (2, 2)),
        ("face_trust", "f8"),
    ]
)


class LiveMotion:
    """Poses in the order of time: 2.6 kB each. Another thread may ask for the motion at any time."""

    def __init__(self) -> None:
        """Of no pose yet."""
        self._moments = Rows(kind=_MOMENT)
        self._rest: Floats | None = None

    def __len__(self) -> int:
        return len(self._moments)

    def add(self, pose: LivePose, face: FaceMotion | None = None) -> None:
        """One more, with the `face` of this frame; where there is none, or not yet, it is neutral."""
        turned, moments = pose.rotations, self._moments
        if len(moments):  # of a quaternion and its negative the one that is nearer to the frame before
            against = (turned * moments.last()["rotations"]).sum(-1, keepdims=True) < 0.0
            turned = np.where(against, -turned, turned)
        height = pose.rest[0, 2]
        shown = at_rest(pose.time) if face is None else face
        expression = shown.weights[0], shown.head[0], shown.place[0], shown.gaze[0], shown.trust[0]
        moments.add(
            (pose.time, turned, pose.hips, height, pose.trust, pose.landmarks, pose.contacts, *expression)
        )
        self._rest = pose.rest

    def solution(self, camera: Camera, world_from_camera: Floats, eye: Floats) -> Solution:
        """The motion on the body as it was known in the end; hips that stood lower on a smaller one rise.

        Args:
            camera: That the performer was seen by.
            world_from_camera: As in `Solution`. Shape (3, 3).
            eye: Likewise. Shape (3,).

        There must be a pose. There is a face where one was trusted at least once.
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
            face=_face(moments) if moments["face_trust"].any() else None,
        )


def _face(moments: NDArray[Any]) -> FaceMotion:
    return FaceMotion(
        moments["time"],
        np.asarray(moments["weights"], float),
        rotations.continuous(moments["head"]),
        moments["place"],
        moments["gaze"],
        moments["face_trust"],
    )
