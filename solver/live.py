"""Landmarks to the humanoid's motion frame by frame, as they come: the live clock of `solve`.

One frame in, one pose out; nothing waits for a later frame. docs/derivations.md, LIVE.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from ..errors import BlazeRigError
from ..take import Face, Floats, Hand, Take
from . import limbs, rotations
from .camera import camera_of
from .causal.calibration import Calibration, straightened
from .causal.contacts import Contacts
from .causal.feet import Feet
from .causal.floor import Floor
from .causal.follow import LOST, Follower
from .causal.hands import FINGER_SLOTS
from .causal.one_euro import Cutoff, OneEuro
from .causal.presence import Presence, at_ease
from .contacts import BY_FOOT, FOOT_POINTS
from .face.face_motion import FaceMotion
from .face.live import FaceSolver
from .fit.skeleton import LENGTHS, SLOT_NODES
from .height import standing_height
from .humanoid import INDEX, SIDES, SLOTS
from .live_motion import LiveMotion
from .live_pose import LivePose
from .performer import performer_rest
from .rest import UP
from .settings import DEFAULTS, Settings
from .solution import Solution

FRAME = 1.0 / 30.0
"""Seconds that the first frame stands for."""
SHORTEST, LONGEST = 0.001, 0.1
"""And what any other counts at least and at most."""
TURNING = Cutoff(1.5, 4.0)
"""Of rotations: hertz, and hertz per rad/s."""
MOVING = Cutoff(1.5, 5.0)
"""Of the hips' place: hertz, and hertz per m/s."""
TURNS = 0.5
"""Seconds in which the world turns to where the performer faced."""
NOBODY = "not calibrated: nobody was seen; stand in the picture and try again"
NO_POSE = "not calibrated: no A- or T-pose was seen; face the camera, arms out, elbows and knees straight"
GROWN = 0.002
"""Share by which a length has to be found longer or shorter before the character changes."""


class LiveSolver:
    """Solves frames in the order of time.

    Attributes:
        camera: That they are seen by.
        world_from_camera: Rotation from camera axes to the world's, as it is known by now. Shape (3, 3).
        eye: Where the camera stands in the world, likewise, metres. Shape (3,).
        calibrating: Seconds of calibration that are left; 0 while there is none.
        calibrated: What came of the last calibration; None before its end.
    """

    def __init__(self, size: ArrayLike, settings: Settings = DEFAULTS, focal: float | None = None) -> None:
        """For a picture of `size` (width, height), and the `focal` length where the footage says it; px."""
        self.camera = camera_of(size, settings.view_angle, focal)
        self._settings = settings
        self._lengths = np.zeros(len(LENGTHS))
        self._rest = performer_rest(self._lengths, legs=True)
        self._follower = Follower(self.camera)
        self._floor, self._contacts = (
            Floor(float(self._rest[INDEX["hips"], 2]), settings.pitch_angle),
            Contacts(),
        )
        self._presence, self._feet = Presence(), Feet()
        self._turning, self._moving = OneEuro(TURNING, turning=True), OneEuro(MOVING, turning=False)
        self._time: float | None = None
        self._hips = self._rest[INDEX["hips"]]
        self._origin: Floats | None = None
        self.world_from_camera = self._floor.ground.world_from_camera()
        self.eye = np.array([0.0, 0.0, -self._floor.ground.height])
        self._facing, self._biases = np.zeros(2), np.zeros(4)
        self._calibration: Calibration | None = None
        self._known: Floats | None = None
        self.calibrating = 0.0
        self.calibrated: str | None = None

    def calibrate(self, seconds: float) -> None:
        """For so many seconds from the next frame on the performer stands in A- or T-pose."""
        self.calibrating, self.calibrated = max(seconds, 0.0), None
        self._calibration = Calibration()
        self._known = None if self._follower.measures else self._follower.lengths
        self._follower.measure_anew()

    def _calibrate(self, seconds: float, *, seen: bool) -> None:
        """Take what the pose told, once its time is over."""
        calibration = self._calibration
        if calibration is None:
            return
        if seen:
            world = self._floor.ground.world_from_camera()
            self._follower.watch(calibration, world, seconds)
        self.calibrating = max(self.calibrating - seconds, 0.0)
        if self.calibrating:
            return
        self._calibration, found = None, calibration.found()
        if found is None:
            self.calibrated = NO_POSE if calibration.somebody else NOBODY
            if self._known is not None:
                self._follower.settle(self._known)
            return
        self._follower.settle()
        self._facing[1], self._biases = found.facing, found.bends
        if found.lean is not None:
            self._floor.stood(found.lean)
        self.calibrated = f"calibrated on {found.seconds:.1f} s of standing still"

    def step(self, take: Take, ahead: float = 0.0) -> LivePose:
        """The pose of one more frame.

        Args:
            take: Of that frame alone; its landmarks are NaN where nobody was seen.
            ahead: So many seconds later it is to be shown: the motion is run on by them.
        """
        time = float(take.times[0])
        seconds = self._since(time)
        follower = self._follower
        seen = follower.step(take, seconds)
        trust, standing = np.zeros(33), np.zeros(4)
        if seen and follower.sight is not None:
            trust = follower.sight.trust[0]
            standing = self._stand(seconds)
        self._calibrate(seconds, seen=seen)
        turned, hips = self._posed(standing, ahead, seconds)
        there = self._presence.step(seconds, seen=seen, hidden=follower.hidden)
        stands = np.append(self._hips[:2], self._rest[INDEX["hips"], 2])
        turned, hips = at_ease(turned, there), there * hips + (1.0 - there) * stands
        for side, fingers, slots in zip(SIDES, follower.fingers(), FINGER_SLOTS, strict=True):
            turned[slots] = rotations.multiply(turned[INDEX[f"{side}Hand"]], fingers)
        turned = self._turning.step(turned, seconds, self._presence.turns()).copy()
        hips = self._hips = self._moving.step(hips[None], seconds, self._presence.ways())[0]
        if self._settings.lock_feet:
            self._feet.step(turned, hips, self._rest, standing, seconds)
        return self._out(time, turned, hips, trust, standing)

    def _since(self, time: float) -> float:
        """Seconds that a frame at `time` stands for; a clock that stands, runs back or leaps does no harm."""
        before, self._time = self._time, time
        if before is None or time <= before:
            return FRAME
        if time - before > LOST:
            self._follower.lose()
            self._presence.gone()
        return min(max(time - before, SHORTEST), LONGEST)

    def _stand(self, seconds: float) -> Floats:
        """Which of the feet's points stand, the floor and the body known better for it."""
        follower = self._follower
        assert follower.sight is not None
        assert follower.placed is not None
        points, trust = follower.placed.landmarks[0], follower.sight.trust[0]
        feet = points[_FEET]
        ground = self._floor.ground
        heights = feet @ ground.up - ground.height
        slopes = follower.sight.slopes[0, _FEET]
        standing = self._contacts.step(slopes, feet[:, 2], heights, trust[_FEET], seconds)
        if self._settings.lock_feet:
            stands = np.flatnonzero(standing)
            follower.hold(_FEET[stands], standing[stands])
        self._floor.step(points, trust, standing, seconds)
        lengths = follower.lengths
        if lengths is not None and np.abs(lengths - self._lengths).max() > GROWN:
            self._lengths, self._rest = lengths, performer_rest(lengths, legs=True)
        return standing[BY_FOOT]

    def _posed(self, standing: Floats, ahead: float, seconds: float) -> tuple[Floats, Floats]:
        """World rotations of the slots (52, 4) but for the fingers, and the hips' place (3,)."""
        placed = self._follower.expected(ahead)
        if placed is None:
            return np.tile(rotations.IDENTITY, (len(SLOTS), 1)), self._hips
        level = self._floor.ground.world_from_camera()
        origin = self._origin = (level @ placed.places[0, 0])[:2] if self._origin is None else self._origin
        self._facing[0] += (1.0 - np.exp(-seconds / TURNS)) * (self._facing[1] - self._facing[0])
        facing = rotations.to_matrix(rotations.from_vector(-self._facing[0] * UP))
        turn = self.world_from_camera = facing @ level
        self.eye = facing @ np.append(-origin, -self._floor.ground.height)
        root = turn @ placed.places[0, 0]
        turned = rotations.from_matrix(turn @ placed.turned[0, SLOT_NODES])
        if self._biases.any():
            straightened(turned, self._follower.bends, self._biases)
        turned[_TOES] = limbs.toes(turned[_TOES], standing.reshape(2, 2)[:, 1])
        return turned, root + self.eye

    def _out(self, time: float, turned: Floats, hips: Floats, trust: Floats, standing: Floats) -> LivePose:
        placed, height = self._follower.placed, self._settings.height
        scale = 1.0 if height is None else height / standing_height(self._rest)
        landmarks = np.full((33, 3), np.nan)
        if placed is not None:
            landmarks = placed.landmarks[0] @ self.world_from_camera.T + self.eye
        return LivePose(time, turned, scale * hips, scale * self._rest, trust, scale * landmarks, standing)


def steps(take: Take, settings: Settings = DEFAULTS) -> Iterator[LivePose]:
    """The poses of a take, one after the other, as if it were seen live."""
    solver = LiveSolver(take.size, settings, take.focal)
    for frame in frames(take):
        yield solver.step(frame)


def frames(take: Take) -> Iterator[Take]:
    """The frames of a take, each a take of its own."""

    def hand(of: Hand, at: slice) -> Hand:
        return Hand(of.image[at], of.world[at], of.score[at])

    for i in range(len(take)):
        at = slice(i, i + 1)
        yield Take(
            take.source, take.fps, take.times[at], take.size, take.body_image[at], take.body_world[at],
            take.body_visibility[at], take.body_confidence[at], hand(take.left, at), hand(take.right, at),
            Face(take.face.image[at], take.face.score[at]) if take.face else None,
        )  # fmt: skip


def solve_live(take: Take, settings: Settings = DEFAULTS) -> Solution:
    """The motion of a take, each frame solved from what was seen until then.

    Raises:
        BlazeRigError: Nobody was seen in the take.
    """
    if not np.isfinite(take.body_world).all((1, 2)).any():
        raise BlazeRigError(f"nobody was seen in {take.source}: there is nothing to solve")
    solver, motion = LiveSolver(take.size, settings, take.focal), LiveMotion()
    faces = FaceSolver(solver.camera) if take.face else None
    for frame in frames(take):
        motion.add(solver.step(frame), _face(faces, frame) if faces else None)
    return motion.solution(solver.camera, solver.world_from_camera, solver.eye)


def _face(faces: FaceSolver, frame: Take) -> FaceMotion:
    assert frame.face is not None
    return faces.step(frame.face.image[0], float(frame.face.score[0]), float(frame.times[0]))


_TOES = np.array([INDEX[f"{side}Toes"] for side in SIDES])
_FEET = np.array(FOOT_POINTS)
