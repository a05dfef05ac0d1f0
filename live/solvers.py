"""The body's live clock and the face's, for one performer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..solver.face.face_motion import FaceMotion
from ..solver.face.live import FaceSolver
from ..solver.face.turn_head import LiveHead
from ..solver.live import LiveSolver
from ..solver.live_pose import LivePose
from ..solver.settings import DEFAULTS, Settings
from ..take import Take

FACE = "the face is calibrated"
NO_FACE = "the face is not: none was seen"


@dataclass(frozen=True)
class Solved:
    """What one frame came to.

    Attributes:
        pose: The humanoid, unmirrored; its head as the face is turned, where one is seen.
        face: The face as a motion of this one frame, unmirrored; None where none is looked for.
        spent: Milliseconds: `solve` for the body, `expression` for the face.
    """

    pose: LivePose
    face: FaceMotion | None
    spent: Mapping[str, float]


class Solvers:
    """Solve frames in the order of time.

    Attributes:
        body: That of the body, which knows camera and floor.
    """

    def __init__(
        self, size: ArrayLike, settings: Settings = DEFAULTS, focal: float | None = None, *, face: bool
    ) -> None:
        """As `LiveSolver`, and the face too where it is looked for."""
        self.body = LiveSolver(size, settings, focal)
        self._face = FaceSolver(self.body.camera) if face else None
        self._head = LiveHead()
        self._faced: bool | None = None

    def calibrate(self, seconds: float) -> None:
        """For so many seconds the performer stands in A- or T-pose, with the face at rest."""
        self.body.calibrate(seconds)
        if self._face is not None:
            self._face.calibrate(seconds)
            self._faced = False

    @property
    def calibrating(self) -> float:
        """Seconds of a calibration that are left, of body or face; 0 when there is none."""
        return max(self.body.calibrating, self._face.calibrating if self._face else 0.0)

    @property
    def calibrated(self) -> str | None:
        """What came of the last calibration, for the body and for the face; None before its end."""
        body = self.body.calibrated
        if body is None or self.calibrating or self._faced is None:
            return body
        return f"{body}; {FACE if self._faced else NO_FACE}"

    def step(self, take: Take, ahead: float = 0.0) -> Solved:
        """The next frame, a take of its own; `ahead` as `LiveSolver.step` takes it, not for the face."""
        began = time.perf_counter()
        pose = self.body.step(take, ahead)
        posed = time.perf_counter()
        spent = {"solve": 1e3 * (posed - began)}
        if self._face is None or take.face is None:
            return Solved(pose, None, spent)
        calibrates = self._face.calibrating > 0.0
        face = self._face.step(take.face.image[0], float(take.face.score[0]), float(take.times[0]))
        if calibrates and face.trust[0] > 0.0:
            self._faced = True
        seen = bool(np.isfinite(take.face.image).all())
        pose = self._head.step(pose, face, self.body.camera, self.body.world_from_camera, seen=seen)
        spent["expression"] = 1e3 * (time.perf_counter() - posed)
        return Solved(pose, face, spent)
