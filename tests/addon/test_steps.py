"""The steps of the work as a script takes them: track, solve, animate, preview, each by itself."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import bpy
import cv2
import pytest
from blazerig.addon import capture, job, session, worker
from blazerig.addon.animate import preview
from blazerig.addon.animate.apply import motion_of, solver_settings

CLIP = Path(__file__).parents[1] / "sample" / "steps.mp4"
SECOND = 1.0


@pytest.fixture(scope="module")
def tracked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A take of the first second of the sample clip."""
    path = tmp_path_factory.mktemp("takes") / "steps.npz"
    with worker.track(CLIP, path, ["--end", str(SECOND)]) as process:
        while process.running():
            pass
        process.result()
    return path


@pytest.fixture
def take(tracked: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(tracked, tmp_path / "steps.npz"))


def test_tracking_adds_a_take_and_never_replaces_one(hero: bpy.types.Object) -> None:
    for _ in range(2):
        assert bpy.ops.blazerig.track(filepath=str(CLIP), end=0.3) == {"FINISHED"}
    takes = bpy.context.scene.blazerig.takes
    assert [item.name for item in takes] == ["steps", "steps-2"]
    assert len({item.filepath for item in takes}) == 2
    assert takes[0].frames == takes[1].frames == 10
    assert "tracked 10 frames" in job.status().message
    assert hero.animation_data.action is None


@pytest.mark.usefixtures("hero")
def test_of_a_numbered_picture_all_are_tracked_at_the_scenes_rate(tmp_path: Path) -> None:
    film = cv2.VideoCapture(str(CLIP))
    for number in range(5):
        cv2.imwrite(str(tmp_path / f"steps_{number:04}.png"), film.read()[1])
    bpy.context.scene.render.fps = 25
    assert bpy.ops.blazerig.track(filepath=str(tmp_path / "steps_0002.png")) == {"FINISHED"}
    assert bpy.ops.blazerig.track(filepath=str(tmp_path / "steps_0002.png"), sequence=False) == {"FINISHED"}
    row, one = bpy.context.scene.blazerig.takes
    assert (row.frames, row.fps, one.frames) == (5, 25.0, 1)


def test_the_active_take_is_animated_and_solved_only_once(
    hero: bpy.types.Object, take: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bpy.ops.blazerig.animate(filepath=str(take), start_frame=11) == {"FINISHED"}
    first = hero.animation_data.action
    assert first.frame_range[0] == pytest.approx(11.0, abs=1.0)
    monkeypatch.setattr(worker, "solve", lambda *_: pytest.fail("it was solved again"))
    assert bpy.ops.blazerig.animate() == {"FINISHED"}
    assert hero.animation_data.action is not first


@pytest.mark.usefixtures("hero")
def test_a_changed_setting_of_the_solver_is_another_motion(take: Path) -> None:
    bpy.ops.blazerig.animate(filepath=str(take))
    scene = bpy.context.scene
    assert motion_of(scene) is not None
    before = session.motion_file(take, solver_settings(scene))
    scene.blazerig.animate.height = 1.6
    assert motion_of(scene) is None
    assert session.motion_file(take, solver_settings(scene)) != before


def test_the_preview_shows_at_once_and_leaves_what_was_there(hero: bpy.types.Object, take: Path) -> None:
    bpy.ops.blazerig.animate(filepath=str(take))
    mine = hero.animation_data.action
    hero.pose.bones["hand_ik.L"].location = (0.1, 0.2, 0.3)
    posed = [list(bone.location) for bone in hero.pose.bones]
    settings = bpy.context.scene.blazerig.animate
    settings.preview = True
    shown = hero.animation_data.action
    assert shown is not mine
    assert shown.name.startswith("BlazeRig Preview")
    settings.start_frame = 20
    assert hero.animation_data.action.frame_range[0] == pytest.approx(20.0, abs=1.0)
    settings.preview = False
    assert hero.animation_data.action is mine
    assert [action.name for action in bpy.data.actions] == [mine.name]
    assert [list(bone.location) for bone in hero.pose.bones] == posed


def test_a_preview_that_cannot_be_shown_leaves_what_was_there(hero: bpy.types.Object, take: Path) -> None:
    bpy.ops.blazerig.animate(filepath=str(take))
    mine = hero.animation_data.action
    hero.scale = (1.0, 2.0, 1.0)
    bpy.context.scene.blazerig.animate.preview = True
    assert job.status().failed
    assert "scale" in job.status().message
    assert hero.animation_data.action is mine
    assert list(bpy.data.actions) == [mine]


def test_switching_the_preview_off_ends_its_solving(
    hero: bpy.types.Object, take: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bpy.ops.blazerig.animate(filepath=str(take))
    scene = bpy.context.scene
    monkeypatch.setattr(preview, "LOOK", 0.0)
    monkeypatch.setattr(preview.job, "step", lambda: setattr(scene.blazerig.animate, "preview", False))
    scene.blazerig.animate.height = 1.5
    scene.blazerig.animate.preview = True
    assert not job.running()
    assert not hero.animation_data.action.name.startswith(preview.NAME)


@pytest.mark.usefixtures("hero")
def test_animating_ends_the_preview(take: Path) -> None:
    settings = bpy.context.scene.blazerig.animate
    bpy.ops.blazerig.animate(filepath=str(take))
    settings.preview = True
    bpy.ops.blazerig.animate()
    assert not settings.preview
    assert not any(action.name.startswith("BlazeRig Preview") for action in bpy.data.actions)


def test_a_stopped_tracking_keeps_its_take(hero: bpy.types.Object) -> None:
    job.begin(capture.track(bpy.context.scene, CLIP))
    while job.step():
        if job.status().message.startswith("Frame") and job.status().factor > 0.1:
            job.stop.set()
    takes = bpy.context.scene.blazerig.takes
    assert job.status().message.startswith("Stopped")
    assert len(takes) == 1
    assert 0 < takes[0].frames < 90
    assert hero.animation_data.action is None


def test_only_one_job_runs(hero: bpy.types.Object) -> None:
    job.begin(capture.track(bpy.context.scene, CLIP))
    assert not bpy.ops.blazerig.track.poll()
    assert not bpy.ops.blazerig.animate.poll()
    assert bpy.ops.blazerig.cancel.poll()
    job.close()
    assert bpy.ops.blazerig.track.poll()
    assert hero.animation_data.action is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "no take"),
        ({"filepath": "nowhere.mp4"}, "does not exist"),
        ({"armature": "Nobody"}, "no armature 'Nobody'"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_touched(
    hero: bpy.types.Object, arguments: dict[str, str], said: str
) -> None:
    with pytest.raises(RuntimeError, match=said):
        bpy.ops.blazerig.animate(**arguments)
    assert job.status().failed
    assert not job.running()
    assert hero.animation_data.action is None
    assert not bpy.context.scene.blazerig.takes


def test_opening_a_file_ends_what_runs(hero: bpy.types.Object, character: Path) -> None:
    assert hero
    job.begin(capture.track(bpy.context.scene, CLIP))
    job.step()
    bpy.ops.wm.open_mainfile(filepath=str(character))
    assert not job.running()
    assert job.status().message == ""


def test_saving_and_opening_again_carries_on(hero: bpy.types.Object, take: Path, tmp_path: Path) -> None:
    assert hero
    bpy.ops.blazerig.animate(filepath=str(take))
    bpy.context.scene.blazerig.animate.mirror = True
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "hero für 你好.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "hero für 你好.blend"))
    bpy.context.view_layer.objects.active = bpy.data.objects["Hero"]
    assert bpy.context.scene.blazerig.animate.mirror
    assert bpy.ops.blazerig.animate() == {"FINISHED"}


def test_where_the_worker_dies_its_take_is_on_the_list_and_nothing_is_keyed(
    hero: bpy.types.Object, take: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Dead(contextlib.nullcontext[object]):
        def __enter__(self) -> Dead:
            return self

        def running(self) -> bool:
            return False

        def result(self) -> None:
            raise worker.Died("the driver failed", [take])

    monkeypatch.setattr(worker, "track", lambda *_: Dead())
    with pytest.raises(RuntimeError, match=r"The driver failed; \d+ frames are kept as a take: .*steps\.npz"):
        bpy.ops.blazerig.animate(filepath=str(CLIP))
    assert [item.name for item in bpy.context.scene.blazerig.takes] == ["steps"]
    assert hero.animation_data.action is None
