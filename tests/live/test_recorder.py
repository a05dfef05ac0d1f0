"""What is recorded is what was seen and shown, and none of it is lost."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from blazerig.addon.takes.rescue import rescue
from blazerig.errors import BlazeRigError
from blazerig.live import recorder as recording
from blazerig.live.frame import LiveFrame
from blazerig.live.recorder import Recorder
from blazerig.live.recordings import Recordings
from blazerig.models.body import Body
from blazerig.models.face import SeenFace
from blazerig.models.hands import SeenHand
from blazerig.models.holistic import Performer
from blazerig.models.recording import Recording
from blazerig.models.video import Frame
from blazerig.solver import rotations
from blazerig.solver.face.face_motion import FaceMotion, at_rest
from blazerig.solver.live import LiveSolver
from blazerig.solver.live_pose import LivePose
from blazerig.solver.motion import load_motion, motion_beside
from blazerig.take import Take, kept_beside, load_take

SIZE, FPS, FOCAL = (640, 480), 30.0, 600.0
PICTURE = np.zeros((1, 1, 3), np.uint8)
START = time.perf_counter() + 1e6


def somebody(random: np.random.Generator, *, face: bool = False) -> Performer:
    body, smooth = (
        Body(random.uniform(0.0, 480.0, (33, 3)), random.normal(size=(33, 3)), *random.uniform(size=(3, 33)))
        for _ in range(2)
    )
    hand = SeenHand(random.uniform(0.0, 480.0, (21, 3)), random.normal(size=(21, 3)), 0.9)
    points = SeenFace(random.uniform(0.0, 480.0, (478, 3)), 0.8)
    return Performer(body, smooth, left=hand, face=points if face else None)


def expression(captured: float, random: np.random.Generator, trust: float) -> FaceMotion:
    """Whatever a face may do; neutral where it is not trusted."""
    if not trust:
        return at_rest(captured)
    return FaceMotion(
        np.array([captured]),
        random.uniform(size=(1, 52)),
        rotations.normalise(random.normal(size=(1, 4))),
        random.normal(size=(1, 3)),
        random.normal(size=(1, 2, 2)),
        np.array([trust]),
    )


def live_frame(index: int, captured: float, performer: Performer | None, *, face: bool = False) -> LiveFrame:
    random = np.random.default_rng(index)
    seen = Recording(face=face)
    seen.add(captured, performer)
    pose = LivePose(
        captured,
        rotations.normalise(random.normal(size=(52, 4))),
        random.normal(size=3),
        np.full((52, 3), 0.9),
        random.uniform(size=33),
        random.normal(size=(33, 3)),
        random.uniform(size=4),
    )
    take = seen.take("camera", FPS, SIZE, FOCAL)
    trust = 0.8 if performer is not None and performer.face is not None else 0.0
    shown = expression(captured, random, trust) if face else None
    return LiveFrame(Frame(index, captured, PICTURE), performer, take, pose, {}, face=shown)


@pytest.fixture
def solver() -> LiveSolver:
    return LiveSolver(SIZE, focal=FOCAL)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kept not every other second, but without a pause."""
    monkeypatch.setattr(recording, "PAUSE", 0.01)
    monkeypatch.setattr(recording, "SHARE", 0.0)


@pytest.fixture
def shown() -> list[LiveFrame]:
    """Two seconds of somebody."""
    random = np.random.default_rng(3)
    return [live_frame(i, START + i / FPS, somebody(random)) for i in range(60)]


def wait_until(true: Callable[[], bool]) -> None:
    for _ in range(500):
        if true():
            return
        time.sleep(0.01)
    pytest.fail("it never happened")


def record(path: Path, began: float, solver: LiveSolver, frames: list[LiveFrame]) -> Recorder:
    recorder = Recorder(path, began, solver)
    for frame in frames:
        recorder.add(frame)
    return recorder


def test_the_take_is_what_tracking_would_write_of_the_same_frames(
    tmp_path: Path, solver: LiveSolver, shown: list[LiveFrame]
) -> None:
    recorded = record(tmp_path / "Live 1.npz", START, solver, shown).end()
    tracked = Recording(face=False)
    for frame in shown:
        tracked.add(frame.frame.time - START, frame.performer)
    expected, take = tracked.take("camera", FPS, SIZE, FOCAL), load_take(recorded.take)
    assert (take.source, take.fps, tuple(take.size), take.focal) == ("camera", FPS, SIZE, FOCAL)
    np.testing.assert_allclose(take.times, np.arange(60) / FPS, atol=1e-9)
    for name in ("body_image", "body_world", "body_visibility", "body_confidence"):
        np.testing.assert_array_equal(getattr(take, name), getattr(expected, name))
    np.testing.assert_array_equal(take.left.world, expected.left.world)
    assert np.isnan(take.right.world).all()
    assert take.face is None


def test_the_motion_is_what_was_shown(tmp_path: Path, solver: LiveSolver, shown: list[LiveFrame]) -> None:
    recorded = record(tmp_path / "Live 1.npz", START, solver, shown).end()
    motion = load_motion(recorded.motion)
    assert recorded.motion == motion_beside(recorded.take)
    np.testing.assert_array_equal(motion.pose.times, load_take(recorded.take).times)
    turned = np.stack([frame.pose.rotations for frame in shown])
    assert rotations.angle_between(motion.pose.rotations, turned).max() < 1e-6
    assert (np.einsum("fbi,fbi->fb", motion.pose.rotations[1:], motion.pose.rotations[:-1]) >= 0.0).all()
    np.testing.assert_allclose(motion.pose.hips, np.stack([frame.pose.hips for frame in shown]))
    np.testing.assert_array_equal(motion.pose.rest, shown[-1].pose.rest)
    assert motion.camera.focal == solver.camera.focal


def test_only_what_was_captured_in_time_is_recorded(
    tmp_path: Path, solver: LiveSolver, shown: list[LiveFrame]
) -> None:
    recorder = Recorder(tmp_path / "part.npz", START + 0.5, solver)
    for frame in shown[:40]:
        recorder.add(frame)
    recorder.stop(shown[44].frame.time)
    assert not recorder.over()
    for frame in shown[40:]:
        recorder.add(frame)
    assert recorder.over()
    recorded = recorder.end()
    assert (recorded.began, recorded.ended) == (shown[15].frame.time, shown[44].frame.time)
    assert recorded.frames == len(load_take(recorded.take)) == 30
    assert load_take(recorded.take).times[0] == 0.0


def test_a_camera_that_was_lost_meanwhile_leaves_a_gap_in_the_times(
    tmp_path: Path, solver: LiveSolver, shown: list[LiveFrame]
) -> None:
    recorded = record(tmp_path / "gap.npz", 0.0, solver, shown[:20] + shown[50:]).end()
    times = load_take(recorded.take).times
    assert len(times) == 30
    assert times[20] - times[19] == pytest.approx(31 / FPS)


def test_the_face_is_recorded_where_it_is_looked_for(tmp_path: Path, solver: LiveSolver) -> None:
    random = np.random.default_rng(1)
    people = [None, *(somebody(random, face=True) for _ in range(3))]
    frames = [live_frame(i, i / FPS, person, face=True) for i, person in enumerate(people)]
    face = load_take(record(tmp_path / "face.npz", 0.0, solver, frames).end().take).face
    assert face is not None
    assert np.isnan(face.image[0]).all()
    assert np.isfinite(face.image[1:]).all()


def faced(kinds: str) -> list[LiveFrame]:
    """Frames of somebody whose face is seen (f) or lost (l), of nobody (n), or not looked at for one (x)."""
    random = np.random.default_rng(4)
    people = [None if kind == "n" else somebody(random, face=kind == "f") for kind in kinds]
    return [
        live_frame(i, START + i / FPS, person, face=kind != "x")
        for i, (kind, person) in enumerate(zip(kinds, people, strict=True))
    ]


@pytest.mark.parametrize("kinds", ["fffff", "nlfff", "ffllf", "xxfff", "ffxff"])
def test_the_motion_has_the_face_as_it_was_shown_at_the_same_times(
    tmp_path: Path, solver: LiveSolver, kinds: str
) -> None:
    frames = faced(kinds)
    recorded = record(tmp_path / "face.npz", START, solver, frames).end()
    motion = load_motion(recorded.motion)
    assert motion.face is not None
    np.testing.assert_array_equal(motion.face.times, load_take(recorded.take).times)
    for i, (frame, kind) in enumerate(zip(frames, kinds, strict=True)):
        shown = frame.face or at_rest(0.0)
        assert (kind == "f") == (motion.face.trust[i] > 0.0)
        assert rotations.angle_between(motion.face.head[i], shown.head[0]) < 1e-6
        for name in ("weights", "place", "gaze", "trust"):
            np.testing.assert_allclose(getattr(motion.face, name)[i], getattr(shown, name)[0], rtol=1e-6)
    assert ((motion.face.head[1:] * motion.face.head[:-1]).sum(-1) >= 0.0).all()


def test_a_face_that_was_never_found_is_none_as_over_a_clip(tmp_path: Path, solver: LiveSolver) -> None:
    motion = load_motion(record(tmp_path / "lost.npz", START, solver, faced("llnl")).end().motion)
    assert motion.face is None


def kept(path: Path) -> tuple[int, int]:
    """How many frames of take and motion are kept beside."""
    take, motion = kept_beside(path), kept_beside(motion_beside(path))
    if not (take.is_file() and motion.is_file()):
        return 0, 0
    return len(load_take(take)), len(load_motion(motion).pose.times)


@pytest.mark.usefixtures("at_once")
def test_the_face_of_a_worker_that_is_killed_is_kept_too(tmp_path: Path, solver: LiveSolver) -> None:
    path = tmp_path / "Live 1.npz"
    recorder = record(path, START, solver, faced("nfflf"))
    wait_until(lambda: kept(path) == (5, 5))
    recorder._ended.set()  # killed: nothing else happens
    recorder._keeper.join()
    (take,), (motion,) = rescue(path), rescue(motion_beside(path))
    face = load_motion(motion).face
    assert face is not None
    assert load_take(take).face is not None
    assert len(face.times) == len(load_take(take)) == 5


def test_a_rate_that_the_camera_does_not_say_is_that_of_the_frames(
    tmp_path: Path, solver: LiveSolver
) -> None:
    random = np.random.default_rng(1)
    frames = [live_frame(i, i / 12.0, somebody(random)) for i in range(9)]
    for frame in frames:
        object.__setattr__(frame.seen, "fps", 0.0)
    assert load_take(record(tmp_path / "rate.npz", 0.0, solver, frames).end().take).fps == pytest.approx(12.0)


def test_where_nobody_was_seen_there_is_no_take(tmp_path: Path, solver: LiveSolver) -> None:
    recorder = record(tmp_path / "empty.npz", 0.0, solver, [live_frame(i, i / FPS, None) for i in range(9)])
    with pytest.raises(BlazeRigError, match="nobody was seen"):
        recorder.end()
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("at_once")
def test_of_a_worker_that_is_killed_all_that_was_kept_becomes_take_and_motion(
    tmp_path: Path, solver: LiveSolver, shown: list[LiveFrame]
) -> None:
    path = tmp_path / "Live 1.npz"
    recorder = record(path, 0.0, solver, shown)
    wait_until(lambda: kept(path) == (60, 60))
    recorder._ended.set()  # killed: nothing else happens
    recorder._keeper.join()
    assert not path.exists()
    (take,), (motion,) = rescue(path), rescue(motion_beside(path))
    assert (take, motion) == (path, motion_beside(path))
    assert len(load_take(take)) == len(load_motion(motion).pose.times) == 60
    assert sorted(tmp_path.iterdir()) == [motion, take]


@pytest.mark.usefixtures("at_once")
def test_a_disk_that_takes_nothing_is_told_of_and_what_was_kept_stays(
    tmp_path: Path, solver: LiveSolver, shown: list[LiveFrame]
) -> None:
    folder, away = tmp_path / "takes", tmp_path / "away"
    folder.mkdir()
    path = folder / "Live 1.npz"
    recorder = record(path, 0.0, solver, shown)
    wait_until(lambda: kept(path) == (60, 60))
    shutil.move(folder, away)
    wait_until(lambda: "cannot write" in recorder.trouble)
    with pytest.raises(BlazeRigError, match="cannot write"):
        recorder.end()
    shutil.move(away, folder)
    assert len(load_take(*rescue(path))) == 60


@pytest.mark.usefixtures("at_once")
def test_keeping_goes_on_when_there_is_room_again(
    tmp_path: Path, solver: LiveSolver, shown: list[LiveFrame]
) -> None:
    folder = tmp_path / "takes"
    folder.mkdir()
    recorder = record(folder / "Live 1.npz", 0.0, solver, shown)
    shutil.rmtree(folder)
    wait_until(lambda: bool(recorder.trouble))
    folder.mkdir()
    wait_until(lambda: not recorder.trouble)
    assert recorder.end().frames == 60
    assert len(list(folder.iterdir())) == 2


@pytest.mark.usefixtures("at_once")
def test_no_frame_waits_for_the_disk(
    tmp_path: Path, solver: LiveSolver, shown: list[LiveFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    entered: list[Path] = []

    def slow(_take: Take, path: Path) -> None:
        entered.append(path)
        time.sleep(0.5)

    monkeypatch.setattr(recording, "save_take", slow)
    recorder = record(tmp_path / "slow.npz", 0.0, solver, shown[:1])
    wait_until(lambda: bool(entered))
    began = time.perf_counter()
    for frame in shown[1:]:
        recorder.add(frame)
    assert time.perf_counter() - began < 0.2
    recorder.end()


def test_where_nothing_can_be_written_no_recording_begins(tmp_path: Path, solver: LiveSolver) -> None:
    with pytest.raises(BlazeRigError, match="cannot write"):
        Recorder(tmp_path / "nowhere" / "take.npz", 0.0, solver)


def test_one_take_begins_where_the_other_ends_and_no_frame_is_lost(
    tmp_path: Path, solver: LiveSolver, shown: list[LiveFrame]
) -> None:
    recordings, told = Recordings(solver), []
    recordings.begin(tmp_path / "1.npz", START)
    for i, frame in enumerate(shown):
        if i == 30:
            recordings.begin(tmp_path / "2.npz", shown[40].frame.time - 0.01)
        recordings.add(frame)
        told += recordings.notes()
    recordings.stop(shown[-1].frame.time)
    told += recordings.close()
    assert {note["recording"] for note in told if "recording" in note} == {
        str(tmp_path / f"{i}.npz") for i in (1, 2)
    }
    first, second = (note["recorded"] for note in told if "recorded" in note)
    assert (first["frames"], second["frames"]) == (40, 20)
    assert (first["began"], second["began"]) == (START, shown[40].frame.time)
    assert len(load_take(second["take"])) == 20


def test_after_the_stop_late_frames_are_waited_for_but_not_for_ever(
    tmp_path: Path, solver: LiveSolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(tmp_path / "1.npz", 0.0, solver)
    recorder.stop(time.perf_counter())
    assert not recorder.over()
    monkeypatch.setattr(recording, "LATE", 0.0)
    assert recorder.over()


def test_what_fails_is_a_warning_and_the_session_goes_on(tmp_path: Path, solver: LiveSolver) -> None:
    recordings = Recordings(solver)
    recordings.begin(tmp_path / "nowhere" / "1.npz", 0.0)
    (note,) = recordings.notes()
    assert note["unrecorded"].endswith("1.npz")
    assert "cannot write" in note["warning"]
    recordings.begin(tmp_path / "2.npz", 0.0)
    recordings.add(live_frame(0, 1.0, None))
    begun, ended = recordings.close()
    assert begun == {"recording": str(tmp_path / "2.npz")}
    assert ended["unrecorded"] == str(tmp_path / "2.npz")
    assert "nobody was seen" in ended["warning"]
