"""The tracker against MediaPipe's Holistic on a video.

The tracker is chaotic: the reference differs from itself when one frame is one step brighter. So frames are
compared as distributions, with that difference as the measure; the first frames still agree closely.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from blazerig.models.hands import SeenHand
from blazerig.models.holistic import HolisticTracker, Performer
from blazerig.models.nets import Wanted, load_nets
from blazerig.models.sessions import Processor
from blazerig.models.video import Video

Arrays = dict[str, np.ndarray]
# What the legacy API pretends to see, whatever the footage says.
LEGACY_FPS = 30.0


@dataclass(frozen=True)
class Runs:
    """Our tracking of a video, the reference's, and that of the video whose first frame is brighter."""

    ours: Arrays
    theirs: Arrays
    nudged: Arrays


@pytest.fixture(scope="module")
def runs(shared: Path, reference: Callable[..., Arrays]) -> Runs:
    path = shared / "media" / "video_gt" / "tfjs_squats" / "pose_squats.mp4"
    tracker = HolisticTracker(load_nets(Processor(), Wanted(heatmap_kernel=9)))
    with Video(path) as video:
        seen = [tracker.step(frame.picture, (i + 1) / LEGACY_FPS) for i, frame in enumerate(video.frames())]
    performers = [performer for performer in seen if performer is not None]
    assert len(performers) == len(seen) == 65
    options = (path, "--video", "--smooth")
    return Runs(arrays(performers), reference(*options), reference(*options, "--nudge"))


def arrays(performers: list[Performer]) -> Arrays:
    return {
        "body_image": np.stack([performer.smooth.image for performer in performers]),
        "body_world": np.stack([performer.smooth.world for performer in performers]),
        "body_visibility": np.stack([performer.smooth.visibility for performer in performers]),
        "left_hand_image": np.stack([landmarks(performer.left) for performer in performers]),
        "right_hand_image": np.stack([landmarks(performer.right) for performer in performers]),
    }


def landmarks(hand: SeenHand | None) -> np.ndarray:
    return np.full((21, 3), np.nan) if hand is None else hand.image


def difference(one: Arrays, other: Arrays, name: str) -> float:
    return float(np.nanmean(np.linalg.norm((one[name] - other[name])[..., :2], axis=-1)))


@pytest.mark.parametrize("name", ["body_image", "body_world", "left_hand_image", "right_hand_image"])
def test_landmarks_differ_by_at_most_twice_what_the_reference_does_from_itself(runs: Runs, name: str) -> None:
    assert difference(runs.ours, runs.theirs, name) <= 2.0 * difference(runs.nudged, runs.theirs, name)


def test_the_first_frames_agree_before_chaos_sets_in(runs: Runs) -> None:
    """They hold the region that follows the landmarks and all filters, from their first samples on."""
    first = slice(0, 4)
    image = np.abs(runs.ours["body_image"][first] - runs.theirs["body_image"][first])[..., :2]
    assert image.mean() < 0.1
    world = np.abs(runs.ours["body_world"][first] - runs.theirs["body_world"][first])
    assert world.mean() < 0.5e-3


def test_visibility_is_the_references(runs: Runs) -> None:
    assert np.abs(runs.ours["body_visibility"] - runs.theirs["body_visibility"]).max() < 0.05


@pytest.mark.parametrize("side", ["left", "right"])
def test_hands_are_there_in_the_frames_in_which_the_reference_has_them(runs: Runs, side: str) -> None:
    ours, theirs, nudged = (
        ~np.isnan(run[f"{side}_hand_image"]).any((1, 2)) for run in (runs.ours, runs.theirs, runs.nudged)
    )
    assert (ours != theirs).mean() <= max(0.05, 2.0 * (nudged != theirs).mean())
