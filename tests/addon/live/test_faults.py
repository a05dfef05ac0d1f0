"""Whatever happens to the worker: it is told of, the character keeps its pose, no process stays."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable

import bpy
import numpy as np
import pytest
from blazerig.addon.live import session, words
from blazerig.addon.live.stream import PATIENCE

Until = Callable[[Callable[[], object]], None]


def basis(armature: bpy.types.Object) -> np.ndarray:
    return np.array([bone.matrix_basis for bone in armature.pose.bones])


def test_a_worker_that_is_killed_leaves_the_last_pose_until_it_is_started_again(
    hero: bpy.types.Object, until: Until
) -> None:
    before = basis(hero)
    bpy.ops.blazerig.live_start(source="moving")
    until(lambda: session.current().seen)
    session.current().stream._process.kill()
    until(lambda: session.current().error)
    assert "ended unexpectedly (SIGKILL); start it again" in words.trouble(session.current())
    last = basis(hero)
    session.update()
    assert np.array_equal(basis(hero), last)
    assert not np.allclose(last, before, atol=1e-2)
    assert not bpy.ops.blazerig.live_calibrate.poll()
    assert bpy.ops.blazerig.live_start(source="moving") == {"FINISHED"}
    until(lambda: session.current().seen)
    bpy.ops.blazerig.live_stop()
    assert np.array_equal(basis(hero), before)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("dies", "ended unexpectedly (exit code 3); start it again; it said last: the camera caught fire"),
        ("gives up", "Camera 0 is gone; plug it in and start again"),
        ("broken", "could not be read (the live worker said something that is no message"),
        ("over", "it is at its end"),
    ],
)
def test_it_says_why_a_worker_ended(hero: bpy.types.Object, until: Until, source: str, said: str) -> None:
    bpy.ops.blazerig.live_start(source=source, armature=hero.name)
    until(lambda: session.current().error)
    assert said in session.current().error
    assert not session.running()
    stream = session.current().stream
    bpy.ops.blazerig.live_stop()
    assert session.current() is None
    assert stream._process.poll() is not None


def test_a_worker_that_hears_nothing_is_killed(hero: bpy.types.Object, until: Until) -> None:
    bpy.ops.blazerig.live_start(source="deaf", armature=hero.name)
    until(lambda: session.current().seen)
    stream, begun = session.current().stream, time.monotonic()
    bpy.ops.blazerig.live_stop()
    assert time.monotonic() - begun < PATIENCE + 1.0
    assert stream._process.returncode == -signal.SIGKILL


def test_a_worker_that_sleeps_is_told_of_and_goes_on_when_it_wakes(
    hero: bpy.types.Object, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "SILENT", 0.2)
    bpy.ops.blazerig.live_start(source="moving", armature=hero.name)
    until(lambda: session.current().seen)
    stream = session.current().stream
    stream._process.send_signal(signal.SIGSTOP)
    until(lambda: words.trouble(session.current()))
    assert words.trouble(session.current()) == "nothing has come for 0 s"
    number = session.current().seen.number
    stream._process.send_signal(signal.SIGCONT)
    until(lambda: session.current().seen.number > number + 5)
    assert words.trouble(session.current()) == ""
    bpy.ops.blazerig.live_stop()


def test_many_poses_that_nobody_fetched_come_to_the_newest(hero: bpy.types.Object, until: Until) -> None:
    bpy.ops.blazerig.live_start(source="moving", armature=hero.name)
    until(lambda: session.current().seen)
    time.sleep(0.4)
    session.update()
    assert time.perf_counter() - session.current().seen.captured < 0.3
    bpy.ops.blazerig.live_stop()
