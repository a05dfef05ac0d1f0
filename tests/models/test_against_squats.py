"""Filtered landmarks against those that MediaPipe's authors stored for a video of squats (tfjs-models).

The bounds for single landmarks are those of that project's own test. As there, and as in MediaPipe's Python
API, frames count as 1/30 s apart, though the footage has five a second, and filter accordingly; and the
figures are of single coordinates, without the picture's z.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from blazerig.models.nets import Wanted
from blazerig.models.track import track
from blazerig.take import Take

FRAMES = 65


@pytest.fixture(scope="module")
def squats(shared: Path) -> Path:
    return shared / "media" / "video_gt" / "tfjs_squats"


@pytest.fixture(scope="module")
def take(squats: Path, tmp_path_factory: pytest.TempPathFactory) -> Take:
    path = quickened(squats / "pose_squats.mp4", tmp_path_factory.mktemp("squats") / "squats.mp4")
    take = track(path, mode="live", smooth=True, wanted=Wanted(hands=False), provider="cpu").take
    assert take.times == pytest.approx(np.arange(FRAMES) / 30.0, abs=1e-3)
    return take


def quickened(source: Path, path: Path) -> Path:
    """The same pictures, 30 a second."""
    with av.open(str(source)) as slow, av.open(str(path), "w") as fast:
        stream = fast.add_stream_from_template(slow.streams.video[0])
        clock = Fraction(1, 30)
        for number, packet in enumerate(slow.demux(video=0)):
            if packet.dts is not None:
                packet.stream, packet.time_base = stream, clock
                packet.dts = packet.pts = number
                packet.duration = 1
                fast.mux(packet)
    return path


def apart(squats: Path, name: str, ours: np.ndarray) -> np.ndarray:
    """Differences of coordinates from those in a file, those of pixels without z."""
    stored = np.array(json.loads((squats / name).read_text()))
    assert stored.shape == ours.shape == (FRAMES, 33, 3)
    return np.abs(ours - stored)


def test_pixels_are_the_stored_ones(squats: Path, take: Take) -> None:
    difference = apart(squats, "pose_squats.full.json", take.body_image)[..., :2]
    assert difference.max() <= 28.0
    assert difference.mean() <= 3.0


def test_metres_are_the_stored_ones(squats: Path, take: Take) -> None:
    difference = apart(squats, "pose_squats_3d.full.json", take.body_world)
    assert difference.max() <= 0.19
    assert difference.mean() <= 0.025
