import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.models.camera import played
from blazerig.models.camera.camera import Camera
from blazerig.models.camera.opening import open_camera
from blazerig.models.footage.source import Shot
from blazerig.models.video import Frame, Video

from .feeds import until


def fetched(camera: Camera, last: int | None = None) -> list[Frame]:
    """All frames of a camera until it ends, or up to a number."""
    frames: list[Frame] = []
    while last is None or not frames or frames[-1].index < last:
        frame = camera.newest(frames[-1].index if frames else -1, 2.0)
        if frame is None:
            break
        frames.append(frame)
    camera.close()
    return frames


def assert_in_time(frames: list[Frame], times: list[float], slack: float = 0.03) -> None:
    """That frames came when they were due, as far as they were seen."""
    began = frames[0].time - times[frames[0].index]
    late = [frame.time - began - times[frame.index] for frame in frames]
    assert np.abs(late).max() < slack


def test_a_file_of_varying_rate_plays_at_its_own_times(
    make_video: Callable[..., Path], noise: list[np.ndarray]
) -> None:
    times = [0.0, 0.05, 0.1, 0.3, 0.33, 0.5]
    camera = open_camera(str(make_video(noise[:6], times)))
    assert (camera.name, camera.size) == ("made.mp4", (160, 120))
    frames = fetched(camera)
    assert frames[-1].index == 5
    assert_in_time(frames, times)
    assert camera.condition().state == "ended"


def test_a_rate_takes_the_place_of_its_times(
    make_video: Callable[..., Path], noise: list[np.ndarray]
) -> None:
    camera = open_camera(str(make_video(noise[:10], [n / 5 for n in range(10)])), rate=50.0)
    assert camera.fps == 50.0
    frames = fetched(camera)
    assert_in_time(frames, [n / 50 for n in range(10)])


def test_what_is_looped_goes_on_with_rising_times_and_numbers(
    make_video: Callable[..., Path], noise: list[np.ndarray]
) -> None:
    camera = open_camera(str(make_video(noise[:5], [n / 50 for n in range(5)])), rate=50.0, loop=True)
    frames = fetched(camera, last=17)
    assert all(later.time > earlier.time for earlier, later in pairwise(frames))
    assert_in_time(frames, [n / 50 for n in range(60)], slack=0.15)


def test_a_frame_that_is_not_fetched_is_dropped_and_counted(
    make_video: Callable[..., Path], noise: list[np.ndarray]
) -> None:
    camera = open_camera(str(make_video(noise, [n / 50 for n in range(20)])), rate=50.0)
    assert until(lambda: camera.condition().state == "ended")
    frame = camera.newest(-1, 0.0)
    assert frame is not None
    assert frame.index == 19


def test_a_still_and_a_folder_of_pictures_play_too(tmp_path: Path, noise: list[np.ndarray]) -> None:
    import cv2

    for number, picture in enumerate(noise[:3]):
        cv2.imwrite(str(tmp_path / f"walk_{number}.png"), picture)
    assert [frame.index for frame in fetched(open_camera(str(tmp_path)))][-1] == 2
    still = open_camera(str(tmp_path / "walk_1.png"), loop=True)
    assert len(fetched(still, last=3)) > 1


class Slow(Video):
    """Footage of 50 frames a second whose frames take 50 ms each to be decoded."""

    made = 0

    def shots(self) -> Iterator[Shot]:  # type: ignore[override]
        for number in range(30):
            time.sleep(0.05)
            yield Shot(number / 50, self._made)

    def _made(self) -> np.ndarray:
        type(self).made += 1
        return np.zeros((120, 160, 3), np.uint8)


def test_a_machine_that_decodes_too_slowly_drops_frames_says_so_and_never_falls_ever_more_behind(
    make_video: Callable[..., Path], noise: list[np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_video(noise[:2], [0.0, 0.02])
    monkeypatch.setattr(played, "Video", Slow)
    feed = played.Played(path, rate=50.0)
    captured = []
    while (one := feed.read()) is not None:
        captured.append(one)
        assert time.perf_counter() - one.time < 0.7
    assert Slow.made < 30
    assert sum(one.missed for one in captured) > 10
    assert "made.mp4 is decoded more slowly than it plays" in feed.trouble


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BlazeRigError, match="does not exist"):
        open_camera(str(tmp_path / "nothing.mp4"))
    (tmp_path / "text.mp4").write_text("no video")
    with pytest.raises(BlazeRigError, match="cannot be opened"):
        open_camera(str(tmp_path / "text.mp4"))


def test_a_machine_that_slept_goes_on_where_it_was(
    make_video: Callable[..., Path], noise: list[np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = played.Played(make_video(noise[:4], [0.0, 0.05, 0.1, 0.15]))
    first = feed.read()
    awake = time.perf_counter
    monkeypatch.setattr(played.time, "perf_counter", lambda: awake() + 60.0)
    rest = [feed.read() for _ in range(4)]
    assert first is not None
    times = [one.time - first.time for one in rest if one]
    assert len(times) == 3
    assert times[0] > 59.0
    assert times[-1] - times[0] == pytest.approx(0.1, abs=0.03)
    assert feed.trouble == ""
