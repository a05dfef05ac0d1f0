"""What the worker is asked for, by the settings, and which cameras there are to choose from."""

from __future__ import annotations

import bpy
import pytest
from blazerig.addon.live import cameras
from blazerig.addon.live.asked import arguments_of, source_of


def test_cameras_are_looked_for_and_remembered(
    hero: bpy.types.Object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cameras, "_found", None)
    live = bpy.context.scene.blazerig.live
    assert cameras.found() == ()
    assert bpy.ops.blazerig.live_cameras() == {"FINISHED"}
    names = [("Webcam", "1280x720 at 30/s"), ("C2", "")]
    assert list(cameras.search(live, bpy.context, "")) == names
    assert list(cameras.search(live, bpy.context, "web")) == names[:1]
    monkeypatch.setattr(cameras, "_found", None)
    assert [camera.name for camera in cameras.found()] == ["Webcam", "C2"]
    monkeypatch.setenv("PROBLEM", "the system refuses cameras")
    with pytest.raises(RuntimeError, match="The system refuses cameras"):
        bpy.ops.blazerig.live_cameras()
    assert not cameras.looking()
    assert hero.name == "Hero"


def test_the_worker_is_asked_for_what_is_set(hero: bpy.types.Object) -> None:
    live = bpy.context.scene.blazerig.live
    assert source_of(live) == "0"
    live.camera = "Webcam"
    live.picture_size, live.rate, live.hands, live.performer = "1280x720", 60, False, "CENTRAL"
    words = [
        "--size",
        "1280x720",
        "--rate",
        "60",
        "--no-hands",
        "--performer",
        "central",
        "--provider",
        "auto",
    ]
    assert source_of(live) == "Webcam"
    assert list(arguments_of(live)) == words
    live.kind, live.filepath = "FILE", "//walk.mp4"
    assert source_of(live) == bpy.path.abspath("//walk.mp4")
    assert list(arguments_of(live)) == ["--loop", *words[4:]]
    live.loop, live.face = False, True
    assert list(arguments_of(live)) == ["--no-hands", "--face", *words[5:]]
    live.face = False
    assert list(arguments_of(live)) == words[4:]
    live.kind, live.url = "NETWORK", " rtsp://camera/1 "
    assert source_of(live) == "rtsp://camera/1"
    assert hero.name == "Hero"
