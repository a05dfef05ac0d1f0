"""Which frame of the scene showed at which second: at its rate, or as playback went. Without Blender."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...solver import rotations
from ...solver.pose import Pose
from ...take import Floats

CALM = 8
"""Playback comes early or late by milliseconds: each frame is put among so many on either side."""
EARLY = 1.0
"""Frames by which it may be early or late; more is no unrest, but playback that stood still."""
APART = 0.25
"""Seconds between two knots, at least."""
SAME = 1e-3
"""Frames that are nearer to each other are one."""


@dataclass(frozen=True)
class Timing:
    """Frames of a scene over seconds, straight from knot to knot and on beyond them.

    Attributes:
        seconds: Rising. Shape (K,), K > 1.
        frames: Rising. Shape (K,).
    """

    seconds: Floats
    frames: Floats

    def frames_at(self, seconds: Floats) -> Floats:
        """Where seconds lie, between frames too."""
        return _through(self.seconds, self.frames, np.asarray(seconds, float))

    def seconds_at(self, frames: Floats) -> Floats:
        """When frames showed."""
        return _through(self.frames, self.seconds, np.asarray(frames, float))

    def since(self, second: float) -> Timing:
        """The same, counted from `second`."""
        return Timing(self.seconds - second, self.frames)

    def text(self) -> str:
        """As it is kept with a take."""
        knots = zip(self.seconds.round(5).tolist(), self.frames.round(5).tolist(), strict=True)
        return json.dumps([list(knot) for knot in knots])


def from_text(text: str) -> Timing:
    """What `Timing.text` made."""
    seconds, frames = np.array(json.loads(text)).T
    return Timing(seconds, frames)


def steady(second: float, frame: float, rate: float) -> Timing:
    """Frames that go by `rate` times a second; `frame` is reached at `second`."""
    return Timing(second + np.array([0.0, 1.0]), frame + np.array([0.0, rate]))


def followed(shown: Sequence[tuple[float, float]], rate: float) -> Timing:
    """As playback went.

    Args:
        shown: When which frame began to show; both rise.
        rate: Of the scene, for what lies beyond.
    """
    seconds, frames = np.array(shown, float).T
    if len(seconds) < 2:
        return steady(float(seconds[0]), float(frames[0]), rate)
    late = frames - rate * seconds
    calm = _calm(late)
    frames = np.where(abs(calm - late) < EARLY, calm, late) + rate * seconds
    kept = _apart(seconds, frames)
    return Timing(seconds[kept], frames[kept]) if len(kept) > 1 else steady(seconds[0], frames[0], rate)


def whole_frames(timing: Timing, first: float, last: float, ended: float) -> Floats:
    """The whole frames from `first` to `last` that had shown when the second `ended` was over."""
    last = min(last, float(timing.frames_at(np.array(ended))))
    begin = int(np.ceil(first - SAME))
    return np.arange(begin, max(int(np.floor(last + SAME)), begin) + 1, dtype=float)


def posed_at(pose: Pose, seconds: Floats) -> Pose:
    """A motion at other seconds (N,); before its first and after its last pose it stands still."""
    at = np.interp(seconds, pose.times, np.arange(len(pose.times), dtype=float))
    before = np.clip(at.astype(int), 0, max(len(pose.times) - 2, 0))
    after = np.minimum(before + 1, len(pose.times) - 1)
    share = at - before
    turned = rotations.interpolate(pose.rotations[before], pose.rotations[after], share[:, None])
    hips = pose.hips[before] + (pose.hips[after] - pose.hips[before]) * share[:, None]
    return Pose(seconds, rotations.continuous(turned), hips, pose.rest)


def _through(xs: Floats, ys: Floats, at: Floats) -> Floats:
    """Straight through the points, and on as the first and the last two of them go."""
    after = np.clip(np.searchsorted(xs, at), 1, len(xs) - 1)
    before = after - 1
    return ys[before] + (at - xs[before]) * (ys[after] - ys[before]) / (xs[after] - xs[before])


def _calm(values: Floats) -> Floats:
    """The mean around each, over as many before as after it: a straight line stays as it is."""
    count = len(values)
    reach = np.minimum(np.minimum(np.arange(count), np.arange(count)[::-1]), CALM)
    sums = np.concatenate([[0.0], np.cumsum(values)])
    index = np.arange(count)
    return (sums[index + reach + 1] - sums[index - reach]) / (2 * reach + 1)


def _apart(seconds: Floats, frames: Floats) -> list[int]:
    """The first, and of the others those that are late enough, each with a later frame."""
    kept = [0]
    for i in range(1, len(seconds)):
        if seconds[i] - seconds[kept[-1]] >= APART and frames[i] > frames[kept[-1]] + SAME:
            kept.append(i)
    return kept
