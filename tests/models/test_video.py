import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.models.footage.clock import Clock
from blazerig.models.video import Video

Make = Callable[..., Path]


def times_of(path: Path) -> list[float]:
    with Video(path) as video:
        return [frame.time for frame in video.frames()]


def test_the_times_are_those_of_the_file_also_where_the_rate_varies(
    noise: list[np.ndarray], make_video: Make
) -> None:
    times = [0.0, 0.04, 0.05, 0.2, 0.21, 0.7]
    assert times_of(make_video(noise[:6], times)) == pytest.approx(times, abs=1e-3)


def test_the_first_frame_is_at_zero_wherever_the_file_begins(
    noise: list[np.ndarray], make_video: Make
) -> None:
    assert times_of(make_video(noise[:3], [1.5, 1.6, 1.8], "late.mkv")) == pytest.approx(
        [0.0, 0.1, 0.3], abs=2e-3
    )


def test_pictures_come_in_their_order_and_unharmed(noise: list[np.ndarray], make_video: Make) -> None:
    flat = [np.full_like(noise[0], 10 * step) for step in range(20)]
    with Video(make_video(flat, [step / 30 for step in range(20)])) as video:
        levels = [frame.picture.mean() for frame in video.frames()]
        assert video.size == (160, 120)
        assert video.announced == 20
    assert levels == pytest.approx([10 * step for step in range(20)], abs=4.5)


@pytest.mark.parametrize(
    "stamps", [[0, 0, 0, 0], [5, 4, 5, 3], [np.nan, np.nan, 0, np.inf], [7, 7.5, 7.5, 9]]
)
def test_bad_stamps_still_give_times_that_increase_from_zero(stamps: list[float]) -> None:
    clock = Clock(25.0)
    times = [clock(stamp) for stamp in stamps]
    assert times[0] == 0.0
    assert all(np.diff(times) > 0.0)
    assert np.isfinite(times).all()


def test_good_stamps_are_left_alone() -> None:
    clock = Clock(25.0)
    assert [clock(stamp) for stamp in (3.0, 3.5, 3.6)] == pytest.approx([0.0, 0.5, 0.6])


def test_a_still_is_one_frame(noise: list[np.ndarray], tmp_path: Path) -> None:
    path = tmp_path / "Bild mit Löchern.PNG"
    path.write_bytes(cv2.imencode(".png", noise[0])[1].tobytes())
    with Video(path) as video:
        frames = list(video.frames())
    assert [frame.time for frame in frames] == [0.0]
    assert (frames[0].picture == noise[0]).all()


@pytest.mark.parametrize("ahead", [1, 4])
def test_so_many_frames_are_decoded_ahead_and_no_more(
    ahead: int, noise: list[np.ndarray], tmp_path: Path
) -> None:
    for number, picture in enumerate(noise):
        cv2.imwrite(str(tmp_path / f"{number}.png"), picture)
    with Video(tmp_path) as video:
        frames = video.frames(ahead=ahead)
        begun = [next(frames).index, next(frames).index]
        wait_until_idle()
        for path in tmp_path.iterdir():
            path.unlink()
        rest = [frame.index for frame in frames]
    assert begun + rest == list(range(2 + ahead))


def wait_until_idle() -> None:
    """Give the thread that decodes ahead the time to come to its end."""
    time.sleep(0.3)


def test_a_video_cut_short_gives_the_frames_that_are_left(noise: list[np.ndarray], make_video: Make) -> None:
    path = make_video(noise, [step / 30 for step in range(20)])
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with Video(path) as video:
        count = sum(1 for _ in video.frames())
        assert video.announced == 20
    assert 5 <= count <= 15


def _text(path: Path) -> None:
    path.write_text("this is no video\n" * 50)


def _empty(path: Path) -> None:
    path.touch()


def _missing(path: Path) -> None:
    assert not path.exists()


def _header_alone(path: Path) -> None:
    path.write_bytes(b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom")


@pytest.mark.parametrize("name", ["bad.mp4", "bad.mov", "bad.gif", "bad.png", "bad.jpg"])
@pytest.mark.parametrize("make", [_text, _empty, _header_alone, Path.mkdir, _missing])
def test_what_is_no_footage_is_refused_in_one_quiet_line(
    make: Callable[[Path], None], name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path / name)
    with pytest.raises(BlazeRigError, match=name) as raised:
        Video(tmp_path / name)
    assert "\n" not in str(raised.value)
    assert capfd.readouterr() == ("", "")
