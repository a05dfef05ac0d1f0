import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import cv2
import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.models.captured import Captured
from blazerig.models.holistic import HolisticTracker
from blazerig.models.nets import Wanted, load_nets
from blazerig.models.sessions import Processor
from blazerig.models.track import MODES, Progress, Stopped, Tracked, track
from blazerig.models.video import Video
from blazerig.take import Take, load_take, save_take

Make = Callable[..., Path]
WRISTS = {"left": 15, "right": 16}


@pytest.fixture(scope="module")
def tracked(person: Path) -> Tracked:
    return track(person, end=1.0, provider="cpu")


@pytest.fixture(scope="module")
def take(tracked: Tracked) -> Take:
    return tracked.take


def found(take: Take, side: str) -> np.ndarray:
    return np.isfinite(getattr(take, side).score)


def test_the_person_and_both_hands_are_seen(take: Take, tracked: Tracked) -> None:
    assert tracked.provider == "cpu"
    assert tracked.warnings == ()
    assert np.isfinite(take.body_world).all(axis=(1, 2)).mean() > 0.9
    assert found(take, "left").any()
    assert found(take, "right").any()


def test_the_times_are_the_footages_up_to_the_second_asked_for(take: Take, person: Path) -> None:
    with Video(person) as video:
        times = [frame.time for frame in video.frames() if frame.time < 1.0]
        assert take.fps == video.fps
        assert tuple(take.size) == video.size
    assert take.times == pytest.approx(times)
    assert take.source == person.name


def test_metres_have_their_origin_between_the_hips_and_a_human_size(take: Take) -> None:
    hips = take.body_world[:, [23, 24]].mean(1)
    assert np.nanmax(np.abs(hips)) < 0.02
    shoulders = np.linalg.norm(take.body_world[:, 11] - take.body_world[:, 12], axis=-1)
    assert 0.2 < np.nanmedian(shoulders) < 0.5
    assert np.nanmedian(take.body_world[:, 0, 1]) < -0.4, "the nose is above the hips, and y points down"


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_hands_wrist_is_the_bodys_and_its_size_is_a_hands(take: Take, side: str) -> None:
    there = found(take, side)
    hand = getattr(take, side)
    assert hand.world[there, 0] == pytest.approx(take.body_world[there, WRISTS[side]], abs=1e-6)
    palm = np.linalg.norm(hand.world[there, 9] - hand.world[there, 0], axis=-1)
    assert ((palm > 0.05) & (palm < 0.13)).all()


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_hands_metres_look_like_its_picture(take: Take, side: str) -> None:
    """Weak perspective: x and y of the metres, scaled and shifted, are the image points."""
    hand = getattr(take, side)
    for image, world in zip(hand.image[found(take, side)], hand.world[found(take, side)], strict=True):
        seen, metres = image[:, :2] - image[:, :2].mean(0), world[:, :2] - world[:, :2].mean(0)
        scale = (seen * metres).sum() / (metres**2).sum()
        assert scale > 0
        assert np.linalg.norm(seen - scale * metres) < 0.35 * np.linalg.norm(seen)


def test_what_was_not_found_is_nan_in_every_array_of_it(take: Take) -> None:
    for side in ("left", "right"):
        missing = ~found(take, side)
        assert np.isnan(getattr(take, side).image[missing]).all()
        assert np.isnan(getattr(take, side).world[missing]).all()
        assert np.isfinite(getattr(take, side).image[~missing]).all()


def test_smoothing_moves_less_from_frame_to_frame_and_begins_alike(person: Path) -> None:
    smooth = track(person, end=1.0, smooth=True, mode="live", provider="cpu").take
    take = track(person, end=1.0, mode="live", provider="cpu").take
    assert smooth.body_image[0] == pytest.approx(take.body_image[0])

    def jitter(landmarks: np.ndarray) -> float:
        return float(np.abs(np.diff(landmarks, 2, axis=0)).mean())

    assert jitter(smooth.body_world) < 0.8 * jitter(take.body_world)
    assert jitter(smooth.body_image) < jitter(take.body_image)


def test_the_same_footage_gives_the_same_take(person: Path, take: Take) -> None:
    again = track(person, end=1.0, provider="cpu").take
    assert np.array_equal(again.body_image, take.body_image, equal_nan=True)
    assert np.array_equal(again.right.world, take.right.world, equal_nan=True)


def test_without_hands_the_body_is_the_same(person: Path, take: Take) -> None:
    alone = track(person, end=1.0, wanted=Wanted(hands=False), provider="cpu").take
    assert np.array_equal(alone.body_world, take.body_world, equal_nan=True)
    assert np.isnan(alone.left.score).all()


def test_a_still_is_a_take_of_one_frame_like_a_videos_first(person: Path, take: Take, tmp_path: Path) -> None:
    with Video(person) as video:
        picture = next(video.frames()).picture
    path = tmp_path / "still.png"
    cv2.imwrite(str(path), picture)
    still = track(path, provider="cpu").take
    assert len(still) == 1
    assert still.times.tolist() == [0.0]
    # In the still the region is the first one; in the clip it knows what follows.
    assert np.abs(still.body_image[0, :, :2] - take.body_image[0, :, :2]).mean() < 3.0


def test_the_kernel_changes_the_landmarks_a_little(person: Path, take: Take) -> None:
    nine = track(person, end=0.1, wanted=Wanted(heatmap_kernel=9), provider="cpu").take
    difference = np.abs(nine.body_image[0] - take.body_image[0]).max()
    assert 1e-3 < difference < 20.0
    with pytest.raises(BlazeRigError, match="must be an odd number"):
        Wanted(heatmap_kernel=8)


@pytest.mark.parametrize("stop", [Stopped, KeyboardInterrupt])
def test_stopping_keeps_what_was_seen(stop: type[BaseException], person: Path, take: Take) -> None:
    def progress(now: Progress) -> None:
        if now.stage == "tracking" and now.frame == 5:
            raise stop

    stopped = track(person, end=1.0, provider="cpu", progress=progress)
    assert len(stopped.take) == 5
    assert np.array_equal(stopped.take.body_world, take.body_world[:5], equal_nan=True)
    assert "5 frames" in stopped.warnings[0]


@pytest.mark.parametrize("mode", MODES)
def test_stopping_before_anybody_came_is_not_to_find_nobody(
    mode: str, person: Path, make_video: Make
) -> None:
    with Video(person) as video:
        pictures = [frame.picture for frame in video.frames(every=6)][:12]
    path = make_video([np.full_like(pictures[0], 90)] * 6 + pictures, [step / 5 for step in range(18)])

    def progress(now: Progress) -> None:
        if now.stage == "tracking" and now.frame == 2:
            raise Stopped

    def stopped() -> Take:
        return track(path, mode=mode, wanted=Wanted(hands=False), provider="cpu", progress=progress).take

    if mode == "live":
        with pytest.raises(KeyboardInterrupt):
            stopped()
    else:  # the first pass has seen all of the clip
        seen = np.isfinite(stopped().body_world).all((1, 2))
        assert not seen[0]
        assert seen[-1]


@pytest.mark.parametrize("stop", [Stopped, KeyboardInterrupt])
def test_stopping_the_first_pass_keeps_the_bodies_that_it_saw(
    stop: type[BaseException], person: Path, take: Take
) -> None:
    def progress(now: Progress) -> None:
        if now.stage == "people" and now.frame > 20:
            raise stop

    stopped = track(person, end=1.0, provider="cpu", progress=progress)
    assert stopped.take.times == pytest.approx(take.times[[0, 9, 18, 27]][: len(stopped.take)])
    assert stopped.warnings == (f"stopped after {len(stopped.take)} frames",)
    frames = np.searchsorted(take.times, stopped.take.times - 1e-6)
    assert np.abs(stopped.take.body_image[..., :2] - take.body_image[frames][..., :2]).mean() < 3.0
    assert np.isnan(stopped.take.left.image).all()


def test_what_has_been_captured_can_be_asked_for_at_any_time(person: Path) -> None:
    captured, kept = Captured(), list[int]()

    def progress(_: Progress) -> None:
        kept.append(sum(map(len, captured.takes().values())))

    assert not captured.takes()
    wanted = Wanted(hands=False)
    whole = track(person, end=1.0, wanted=wanted, provider="cpu", progress=progress, captured=captured)
    assert kept == sorted(kept)
    assert kept[0] == 1
    assert kept[-1] == len(whole.take)
    (again,) = captured.takes().values()
    assert np.array_equal(again.body_world, whole.take.body_world, equal_nan=True)


def test_a_bug_in_the_callers_progress_is_not_swallowed(person: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        track(person, provider="cpu", progress=lambda now: print(now.frame // 0))


def test_progress_counts_every_frame_and_the_time_that_is_left(person: Path) -> None:
    told: list[Progress] = []
    track(person, end=0.5, provider="cpu", progress=told.append)
    looks = [now for now in told if now.stage == "people"]
    assert 1 < len(looks) < len(told) / 4
    assert told[: len(looks)] == looks
    told = told[len(looks) :]
    assert [now.frame for now in told] == list(range(1, len(told) + 1))
    assert {now.total for now in told} == {len(told)}
    assert told[-1].seconds_left == 0.0
    assert told[0].seconds_left is not None
    assert told[0].seconds_left > 0.0
    assert all(now.frames_per_second > 0 for now in told)


def test_nobody_in_the_footage_is_an_error_that_names_it(noise: list[np.ndarray], make_video: Make) -> None:
    path = make_video(noise[:3], [0.0, 0.1, 0.2])
    with pytest.raises(BlazeRigError, match=r"nobody was found in .*made\.mp4"):
        track(path, provider="cpu")


def test_where_frames_become_rare_nobody_is_lost(person: Path, make_video: Make) -> None:
    """Thirty frames a second, then five: looks, which are a number of frames apart, become rare with them."""
    with Video(person, end=2.4) as video:
        frames = list(video.frames())
    frames = frames[:36] + frames[36::6]
    path = make_video([frame.picture for frame in frames], [frame.time for frame in frames], gop=12)
    take = track(path, wanted=Wanted(hands=False), provider="cpu").take
    assert take.times == pytest.approx([frame.time for frame in frames], abs=1e-3)
    assert np.isfinite(take.body_world).all()
    even = track(person, end=2.4, wanted=Wanted(hands=False), provider="cpu").take
    apart = np.linalg.norm((take.body_image[36:] - even.body_image[36::6])[..., :2], axis=-1)
    assert apart.mean() < 4.0


def test_frames_that_are_missing_are_counted_in_a_warning(person: Path, make_video: Make) -> None:
    with Video(person) as video:
        pictures = [frame.picture for frame, _ in zip(video.frames(), range(12), strict=False)]
    path = make_video(pictures, [step / 30 for step in range(12)])
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    cut = track(path, wanted=Wanted(hands=False), provider="cpu")
    assert 2 <= len(cut.take) <= 9
    assert f"12 frames, {len(cut.take)} could" in cut.warnings[0]


def test_the_tracker_holds_no_pictures_and_its_memory_does_not_grow(person: Path) -> None:
    with Video(person) as video:
        picture = next(video.frames()).picture
    tracker = HolisticTracker(load_nets(Processor(), Wanted(face=True)))
    step = 0

    def run(count: int) -> int:
        nonlocal step
        for _ in range(count):
            tracker.step(picture.copy(), step / 30.0)
            step += 1
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        before = run(5)
        after = run(20)
    finally:
        tracemalloc.stop()
    assert after - before < picture.nbytes / 10


@pytest.mark.skipif(sys.platform == "win32", reason="the peak of memory is told as Unix does")
@pytest.mark.parametrize("mode", MODES)
def test_a_longer_clip_needs_no_more_memory(mode: str, person: Path) -> None:
    """The whole clip has over a hundred pictures more than its first second."""
    script = (
        "import sys; from pathlib import Path; from blazerig.models.bench import peak_memory;"
        "from blazerig.models.nets import Wanted; from blazerig.models.track import track;"
        "track(Path(sys.argv[1]), mode=sys.argv[2], end=float(sys.argv[3]), wanted=Wanted(hands=False),"
        " provider='cpu'); print(peak_memory())"
    )

    def megabytes(end: float) -> float:
        command = [sys.executable, "-P", "-c", script, str(person), mode, str(end)]
        return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    with Video(person) as video:
        pictures = next(video.frames()).picture.nbytes * (video.announced - video.fps) / 1e6
    assert pictures > 100.0
    assert megabytes(60.0) - megabytes(1.0) < 50.0


def test_somebody_who_leaves_is_lost_and_found_again(person: Path) -> None:
    with Video(person) as video:
        picture = next(video.frames()).picture
    tracker = HolisticTracker(load_nets(Processor(), Wanted(face=True)))
    empty = np.full_like(picture, 90)
    first = tracker.step(picture, 0.0)
    gone = [tracker.step(empty, 0.1), tracker.step(empty, 0.2)]
    again = tracker.step(picture, 0.3)
    assert gone == [None, None]
    assert first is not None
    assert again is not None
    assert again.body.image == pytest.approx(first.body.image)
    assert again.smooth.image == pytest.approx(first.smooth.image), "the filters of the image began anew"


def test_a_take_that_was_tracked_survives_its_file(take: Take, tmp_path: Path) -> None:
    save_take(take, tmp_path / "take.npz")
    loaded = load_take(tmp_path / "take.npz")
    for field in fields(Take):
        one, other = getattr(take, field.name), getattr(loaded, field.name)
        if field.name in ("left", "right"):
            for part in ("image", "world", "score"):
                assert np.array_equal(getattr(one, part), getattr(other, part), equal_nan=True)
        elif isinstance(one, np.ndarray):
            assert np.array_equal(one, other, equal_nan=True)
        else:
            assert one == other
