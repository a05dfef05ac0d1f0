"""Which of several people is captured: the choice alone, and on pictures with two people in them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.models.body import aux_of
from blazerig.models.detector import Candidate
from blazerig.models.nets import Wanted
from blazerig.models.people import Person, Sighting
from blazerig.models.performers import check_performer, choice, chosen, describe
from blazerig.models.roi import Roi
from blazerig.models.track import track
from blazerig.models.video import Video
from blazerig.take import Take, load_take

from .conftest import write_video

SIZE = (1000, 500)
BLACK = np.zeros((500, 1000, 3), np.uint8)


def somebody(x: float, size: float, *times: float) -> Person:
    aux, trunk = aux_of(Roi(x, 250.0, size, 0.0)), np.full((6, 2), np.nan)
    return Person(np.zeros(1), [Sighting(time, aux, trunk, 1.0) for time in times])


def candidate(x: float, size: float) -> Candidate:
    return Candidate(Roi(x, 250.0, size, 0.0), 0.9, np.zeros(4))


# --- the choice alone


@pytest.mark.parametrize("wanted", ["largest", "central", "all", "0", "12"])
def test_words_and_numbers_can_be_asked_for_offline(wanted: str) -> None:
    check_performer(wanted, live=False)


@pytest.mark.parametrize("wanted", ["", "tallest", "-1", "1.5", "0x1", "\u00b2", "Largest", "1 "])
@pytest.mark.parametrize("live", [False, True])
def test_anything_else_is_refused_with_what_there_is(wanted: str, live: bool) -> None:
    with pytest.raises(BlazeRigError, match=rf"unknown performer '{wanted}'; give a number from 0, largest"):
        check_performer(wanted, live=live)


@pytest.mark.parametrize("wanted", ["0", "1", "all"])
def test_numbers_need_the_whole_clip(wanted: str) -> None:
    with pytest.raises(BlazeRigError, match=f"performer '{wanted}' is known only with the whole clip"):
        check_performer(wanted, live=True)


def test_the_largest_fills_most_of_the_picture_over_the_clip() -> None:
    small, large, brief = (
        somebody(500.0, 100.0, 0.0, 0.3, 0.6),
        somebody(100.0, 150.0, 0.0, 0.3, 0.6),
        somebody(900.0, 200.0, 0.3),
    )
    assert chosen([small, large, brief], "largest", SIZE) == [1]
    assert chosen([small, brief], "largest", SIZE) == [1]


def test_the_central_one_is_nearest_to_the_middle_over_the_clip() -> None:
    left, middle, right = (somebody(x, 100.0, 0.0, 0.3, 0.6) for x in (200.0, 520.0, 600.0))
    passing = somebody(500.0, 400.0, 0.3)
    assert chosen([left, middle, right, passing], "central", SIZE) == [1]
    assert chosen([left, right, passing], "central", SIZE) == [1]


def test_numbers_are_those_of_the_order_in_which_people_came() -> None:
    people = [somebody(x, 100.0, x) for x in (1.0, 2.0, 3.0)]
    assert chosen(people, "all", SIZE) == [0, 1, 2]
    assert chosen(people, "2", SIZE) == [2]
    assert chosen([], "all", SIZE) == chosen([], "3", SIZE) == chosen([], "largest", SIZE) == []


def test_a_number_that_nobody_has_is_answered_with_who_is_there_and_when() -> None:
    people = [somebody(100.0, 50.0, 0.0, 0.3, 4.26), somebody(300.0, 50.0, 1.5, 61.0)]
    assert describe(people) == "seen were: 0 (0.0 to 4.3 s), 1 (1.5 to 61.0 s)"
    with pytest.raises(BlazeRigError, match=r"^there is no performer 2; seen were: 0 \(0\.0 to 4\.3 s\), 1"):
        chosen(people, "2", SIZE)


def test_at_first_sight_the_largest_is_taken_but_hardly_larger_is_no_reason() -> None:
    sure, larger, huge = candidate(100.0, 100.0), candidate(500.0, 120.0), candidate(800.0, 300.0)
    assert choice("largest")([sure, larger], BLACK) is sure
    assert choice("largest")([sure, larger, huge], BLACK) is huge
    assert choice("largest")([huge, sure], BLACK) is huge


def test_at_first_sight_the_central_one_is_taken() -> None:
    sure, central = candidate(100.0, 300.0), candidate(550.0, 50.0)
    assert choice("central")([sure, central], BLACK) is central
    assert choice("central")([candidate(400.0, 10.0), candidate(550.0, 10.0)], BLACK).roi.x == 550.0


# --- on pictures: the sample clip, and beside it a smaller, mirrored one in green

FPS = 15.0
WIDE = 960
RED, GREEN = slice(8, 72), (*range(25), *range(55, 72))
"""Frames in which they are there: one comes at half a second, the other is away for two seconds."""
BODY = Wanted(hands=False)
Clip = Callable[..., Path]


@pytest.fixture(scope="module")
def clip(person: Path, tmp_path_factory: pytest.TempPathFactory) -> Clip:
    """Makes a clip of one, the other or both."""
    with Video(person) as video:
        pictures = [frame.picture for frame in video.frames(every=2)]
    folder = tmp_path_factory.mktemp("clips")

    def make(*, red: bool, green: bool) -> Path:
        there = range(len(pictures))[RED] if red else (), GREEN if green else ()
        scenes = [scene(picture, *(i in frames for frames in there)) for i, picture in enumerate(pictures)]
        times = [i / FPS for i in range(len(scenes))]
        return write_video(folder / f"{red}-{green}.mp4", scenes, times, gop=12)

    return make


def scene(picture: np.ndarray, red: bool, green: bool) -> np.ndarray:
    """The room of `picture`, whose left edge shows all of it, with who is there."""
    room = np.repeat(picture[:, :1], WIDE, 1)
    if red:
        room[:, :400] = picture[:, 120:520]
    if green:
        room[120:, 400:700] = in_green(picture[:, ::-1])[:, 90:390]
    return room


def in_green(picture: np.ndarray) -> np.ndarray:
    """At three quarters of the size, what is very red (the shirt, not the skin) as green as it was red."""
    colours = cv2.cvtColor(picture, cv2.COLOR_BGR2LAB)
    redness = colours[..., 1]
    redness[redness > 150] = 256 - redness[redness > 150]
    picture = cv2.cvtColor(colours, cv2.COLOR_LAB2BGR)
    return cv2.resize(picture, None, fx=0.75, fy=0.75, interpolation=cv2.INTER_AREA)


@pytest.fixture(scope="module")
def both(clip: Clip) -> Path:
    return clip(red=True, green=True)


@pytest.fixture(scope="module")
def takes(both: Path) -> dict[int, Take]:
    return track(both, performer="all", wanted=BODY, provider="cpu").takes


def seen(take: Take) -> list[int]:
    """Frames with a body."""
    return np.flatnonzero(np.isfinite(take.body_image).all((1, 2))).tolist()


def test_everybody_has_a_take_numbered_in_the_order_of_coming(takes: dict[int, Take]) -> None:
    assert list(takes) == [0, 1]
    green, red = (np.nanmean(take.body_image[..., 0]) for take in takes.values())
    assert red < 400.0 < green
    assert all(len(take) == 72 for take in takes.values())


def test_who_comes_late_is_nan_before_and_seen_from_soon_after(takes: dict[int, Take]) -> None:
    frames = seen(takes[1])
    assert RED.start <= frames[0] < RED.start + 1.0 * FPS
    assert frames == list(range(frames[0], 72))
    assert np.isnan(takes[1].body_world[: frames[0]]).all()


def test_who_leaves_is_nan_and_has_the_same_number_after(takes: dict[int, Take]) -> None:
    frames = seen(takes[0])
    assert set(frames) <= set(GREEN), "where nobody is, nobody is seen"
    assert set(GREEN[:25]) <= set(frames)
    back = next(frame for frame in frames if frame > 25)
    assert 55 <= back < 55 + 1.0 * FPS
    assert set(range(back, 72)) <= set(frames)


@pytest.mark.parametrize(("number", "who"), [(0, "green"), (1, "red")])
def test_beside_somebody_else_a_person_is_seen_as_alone(
    takes: dict[int, Take], clip: Clip, number: int, who: str
) -> None:
    path = clip(red=who == "red", green=who == "green")
    alone = track(path, wanted=BODY, provider="cpu").take
    frames = seen(takes[number])
    assert set(frames) <= set(seen(alone))
    apart = np.linalg.norm((takes[number].body_image - alone.body_image)[frames][..., :2], axis=-1)
    assert apart.mean() < 1.0
    assert apart.max() < 12.0


@pytest.mark.parametrize(("wanted", "number"), [("1", 1), ("central", 0)])
def test_the_one_who_is_asked_for_is_as_among_all(
    both: Path, takes: dict[int, Take], wanted: str, number: int
) -> None:
    tracked = track(both, performer=wanted, wanted=BODY, provider="cpu")
    assert list(tracked.takes) == [number]
    assert np.array_equal(tracked.take.body_image, takes[number].body_image, equal_nan=True)


def test_the_largest_is_the_one_in_front_while_both_are_there(both: Path) -> None:
    take = track(both, start=1.0, end=1.6, wanted=BODY, provider="cpu").take
    assert seen(take) == list(range(9))
    assert (take.body_image[..., 0] < 400.0).all()


def test_nobody_of_that_number_is_told_with_who_was_seen_when(both: Path) -> None:
    with pytest.raises(
        BlazeRigError,
        match=r"^there is no performer 2; seen were: 0 \(0\.0 to 1\.6 s\), 1 \(1\.1 to 1\.6 s\)$",
    ):
        track(both, performer="2", end=1.7, wanted=BODY, provider="cpu")


def test_the_command_line_writes_a_take_for_each(both: Path, tmp_path: Path) -> None:
    options = ["--performer", "all", "--start", "1", "--end", "1.6", "--no-hands", "--provider", "cpu"]
    answer = subprocess.run(
        [sys.executable, "-P", "-m", "blazerig", "track", both, "-o", "take.npz", *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout == "take.0.npz, take.1.npz: 9 frames, tracked on cpu\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["take.0.npz", "take.1.npz"]
    middles = [float(np.mean(load_take(path).body_image[..., 0])) for path in sorted(tmp_path.iterdir())]
    assert sorted(middles) == pytest.approx([230.0, 540.0], abs=60.0)
