"""Which frames are chosen, and that a jump into the file brings the very frames that reading on brings."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from av.codec.context import Flags
from blazerig.errors import BlazeRigError
from blazerig.models.footage import moving
from blazerig.models.video import Frame, Video

Make = Callable[..., Path]
FPS = 25.0
COUNT = 60
GOP = 12
REGULAR = [step / FPS for step in range(COUNT)]
X264 = {"codec": "libx264", "options": {"bf": "3"}}
OPEN = {"codec": "libx264", "options": {"bf": "3", "x264-params": "open-gop=1:scenecut=0"}}
REFRESHED = {"codec": "libx264", "options": {"x264-params": "intra-refresh=1:scenecut=0"}}
FIELDS = {**OPEN, "flags": Flags.interlaced_dct | Flags.interlaced_me}
X265 = {"codec": "libx265", "options": {"x265-params": "log-level=none"}}
VP9 = {"codec": "libvpx-vp9", "options": {"deadline": "realtime", "cpu-used": "8"}}
MPEG4 = {"codec": "mpeg4", "max_b_frames": 2}
JUMPING: dict[str, dict[str, Any]] = {
    "x264.mp4": X264,
    "x264.mkv": X264,
    "open.mp4": OPEN,
    "open.mkv": OPEN,
    "fields.mp4": FIELDS,
    "x265.mp4": X265,
    "vp9.webm": VP9,
    "mpeg4.mov": MPEG4,
}
READING_ON: dict[str, dict[str, Any]] = {
    "refreshed.mp4": REFRESHED,
    "x264.avi": X264,
    "x264.ts": X264,
    "x264.h264": X264,
    "mpeg2.mpg": {"codec": "mpeg2video", "max_b_frames": 2, "time_base": Fraction(1, 25)},
    "moving.gif": {"codec": "gif", "pix_fmt": "rgb8"},
}
WITHOUT_TIMES = ("x264.h264",)
KINDS = {**JUMPING, **READING_ON}


def moved(step: int) -> np.ndarray:
    y, x = np.mgrid[:64, :96]
    return np.stack([(x + 3 * step) % 96 * 2, y * 3, (x + y + step) % 80 * 3], -1).astype(np.uint8)


def make(make_video: Make, name: str, times: list[float] = REGULAR) -> Path:
    how = {"gop": GOP, **KINDS[name]}
    return make_video([moved(step) for step in range(len(times))], times, name, **how)


def read(path: Path, **choice: float) -> list[Frame]:
    with Video(path, **choice) as video:
        return list(video.frames())


def same(some: list[Frame], others: list[Frame]) -> bool:
    return [frame.time for frame in some] == [frame.time for frame in others] and all(
        (one.picture == other.picture).all() for one, other in zip(some, others, strict=True)
    )


@pytest.mark.parametrize("name", KINDS)
def test_the_frames_from_a_start_on_are_those_of_the_whole(name: str, make_video: Make) -> None:
    path = make(make_video, name)
    whole = read(path)
    assert len(whole) == COUNT
    if name not in WITHOUT_TIMES:
        assert [frame.time for frame in whole] == pytest.approx(REGULAR, abs=1e-3)
    for first in (1, GOP, 2 * GOP + 1, 3 * GOP + 4, COUNT - 1):
        assert same(read(path, start=whole[first].time), whole[first:]), first
    assert same(read(path, start=whole[40].time - 1e-4), whole[40:])


@pytest.mark.parametrize("run_up", [0.0, -float(GOP)])
@pytest.mark.parametrize("name", ["open.mkv", "fields.mp4"])
def test_a_jump_that_goes_too_far_is_taken_back(
    name: str, run_up: float, make_video: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make(make_video, name)
    whole = read(path)
    monkeypatch.setattr(moving, "_RUN_UP", run_up)
    for first in range(24, 24 + GOP):
        assert same(read(path, start=whole[first].time, end=whole[first + 2].time), whole[first : first + 2])


@pytest.mark.parametrize("name", JUMPING)
def test_what_is_long_before_the_start_is_not_decoded(
    name: str, make_video: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, decoded, frames = make(make_video, name), [], moving._frames

    def counted(*arguments: Any) -> Any:
        for frame in frames(*arguments):
            decoded.append(frame.time)
            yield frame

    monkeypatch.setattr(moving, "_frames", counted)
    for first in (4 * GOP, 4 * GOP + 2):
        decoded.clear()
        assert len(read(path, start=REGULAR[first])) == COUNT - first
        assert COUNT - first <= len(decoded) <= COUNT - first + 20 + GOP + 1


def test_times_are_the_files_own_where_the_rate_varies_and_part_is_chosen(make_video: Make) -> None:
    times = np.cumsum([0.0, *np.random.default_rng(3).uniform(0.01, 0.2, COUNT - 1)]).round(3).tolist()
    path = make(make_video, "x264.mkv", times)
    chosen = read(path, start=times[20], end=times[50], every=4)
    assert [frame.time for frame in chosen] == pytest.approx(times[20:50:4], abs=1e-6)
    assert [frame.index for frame in chosen] == list(range(8))


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ({}, range(60)),
        ({"every": 1}, range(60)),
        ({"every": 7}, range(0, 60, 7)),
        ({"every": 100}, range(1)),
        ({"start": 1.0}, range(25, 60)),
        ({"end": 1.0}, range(25)),
        ({"end": 0.28}, range(7)),
        ({"start": 0.5, "end": 1.5}, range(13, 38)),
        ({"start": 0.5, "end": 1.5, "every": 3}, range(13, 38, 3)),
        ({"start": 2.0, "end": 99.0}, range(50, 60)),
        ({"start": 2.0, "end": 2.001}, range(50, 51)),
    ],
)
def test_as_many_frames_are_announced_as_are_chosen(
    choice: dict[str, float], expected: range, make_video: Make
) -> None:
    with Video(make(make_video, "mpeg4.mov"), **choice) as video:
        frames = list(video.frames())
        assert video.announced == len(expected)
        assert video.warnings == ()
    assert [frame.time for frame in frames] == pytest.approx([step / FPS for step in expected])
    assert [frame.index for frame in frames] == list(range(len(expected)))


def test_footage_can_be_read_again_and_in_part(make_video: Make) -> None:
    with Video(make(make_video, "x264.mp4"), start=0.4, every=2) as video:
        whole, part, again = list(video.frames()), list(video.frames(every=4, ahead=3)), list(video.frames())
    assert same(whole, again)
    assert same(part, whole[::4])
    assert [frame.index for frame in part] == list(range(0, 25, 4))


def test_of_frames_that_are_left_out_no_picture_is_made(
    make_video: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, convert = [], moving.Converter.__call__
    monkeypatch.setattr(
        moving.Converter, "__call__", lambda self, frame: made.append(frame) or convert(self, frame)
    )
    with Video(make(make_video, "mpeg4.mov"), every=2) as video:
        assert len(list(video.frames(every=5))) == 6
    assert len(made) == 6


def test_two_readings_can_go_on_at_once(make_video: Make) -> None:
    with Video(make(make_video, "x264.mp4")) as video:
        pairs = list(zip(video.frames(), video.frames(every=1, ahead=2), strict=True))
    assert len(pairs) == COUNT
    assert all((one.picture == other.picture).all() for one, other in pairs)


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({"start": -1.0}, "not -1"),
        ({"start": float("nan")}, "not nan"),
        ({"end": 0.0}, "later than the start"),
        ({"start": 2.0, "end": 1.0}, "later than the start"),
        ({"every": 0}, "not every 0"),
        ({"fps": 25.0}, "times of its own"),
        ({"fps": -25.0}, "not -25"),
    ],
)
def test_a_choice_without_sense_is_refused_in_one_line(
    choice: dict[str, float], said: str, make_video: Make
) -> None:
    with pytest.raises(BlazeRigError, match=said) as raised:
        Video(make(make_video, "mpeg4.mov"), **choice)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", ["mpeg4.mov", "x264.ts"])
def test_a_choice_that_leaves_nothing_says_how_long_the_footage_is(name: str, make_video: Make) -> None:
    path = make(make_video, name)
    with pytest.raises(BlazeRigError, match=rf"no frame from 7 s on in {name}, which lasts about 2\.4"):
        read(path, start=7.0)
    with pytest.raises(BlazeRigError, match=r"no frame from 0\.001 to 0\.002 s"):
        read(path, start=0.001, end=0.002)
