"""The add-on's session in a bare Blender: what it holds the main thread for, and how late the rig is.

The session is stepped at its timer's interval. A window would draw beside that, at its own rate.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import on_face

SETTLED = 5.0
"""Seconds after the first pose from which on figures count."""
PATIENCE = 60.0
"""Seconds that the first pose may take."""


@dataclass(frozen=True)
class Held:
    """What was measured with some characters.

    Attributes:
        every: Milliseconds of each update, and
        fresh: of those that put a pose on the characters.
        evaluated: Milliseconds that Blender took to work out the scene after each of those.
        late: Milliseconds from the capture until the pose was on the last character.
        rate: Poses a second.
    """

    every: list[float]
    fresh: list[float]
    evaluated: list[float]
    late: list[float]
    rate: float


def table(video: Path, characters: Sequence[int], seconds: float) -> Iterator[str]:
    """Measure with so many characters each, and tell line by line."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BLENDER_USER_RESOURCES"] = folder
        import blazerig
        import bpy

        bpy.ops.wm.read_factory_settings(use_empty=True)
        blazerig.register()
        yield f"\n{'on Rigify humans in Blender ' + bpy.app.version_string:34}{'p50':>8}{'p95':>8}{'max':>8}"
        for count in characters:
            yield from lines(count, held(video, count, seconds))
        yield from on_face.lines()
        blazerig.unregister()


def lines(count: int, found: Held) -> Iterator[str]:
    """What was measured with `count` characters."""
    who = "1 character" if count == 1 else f"{count} characters"
    yield f"{who}, {found.rate:.1f} poses/s"
    rows = {
        "capture to rig, ms": found.late,
        "main thread held, all updates, ms": found.every,
        "  those with a new pose, ms": found.fresh,
        "  scene worked out after them, ms": found.evaluated,
    }
    for what, values in rows.items():
        p50, p95 = np.percentile(values, (50, 95))
        yield f"  {what:32}{p50:8.2f}{p95:8.2f}{max(values):8.2f}"


def held(video: Path, count: int, seconds: float) -> Held:
    """Run a session with `count` characters."""
    import bpy
    from blazerig.addon.demo.rigify import human
    from blazerig.addon.live import session
    from blazerig.addon.live.characters import add_character

    scene = bpy.context.scene
    characters = scene.blazerig.live.characters
    if not characters:
        add_character(scene, human("Performer"))
    while len(characters) < count:
        another = characters[0].armature.copy()
        another.data = another.data.copy()
        scene.collection.objects.link(another)
        add_character(scene, another)
    scene.blazerig.live.loop, scene.blazerig.live.kind = True, "FILE"
    scene.blazerig.live.filepath = str(video.resolve())
    session.start(scene)
    try:
        return stepped(seconds)
    finally:
        session.end()


def stepped(seconds: float) -> Held:
    """Update the running session until so many seconds after it has settled."""
    import bpy
    from blazerig.addon.live import session

    every, fresh, evaluated, late = (list[float]() for _ in range(4))
    last, began, first = -1, time.perf_counter(), None
    while first is None or time.perf_counter() - first < SETTLED + seconds:
        started = time.perf_counter()
        if not session.update() or (first is None and started - began > PATIENCE):
            raise SystemExit("bench-live: the session gave no poses")
        ended = time.perf_counter()
        seen = session.current().seen
        counts = first is not None and ended - first > SETTLED
        if counts:
            every.append(1e3 * (ended - started))
        if seen is not None and seen.number != last:
            first, last = first or ended, seen.number
            bpy.context.view_layer.update()
            if counts:
                fresh.append(1e3 * (ended - started))
                late.append(1e3 * (ended - seen.captured))
                evaluated.append(1e3 * (time.perf_counter() - ended))
        time.sleep(session.INTERVAL)
    return Held(every, fresh, evaluated, late, len(fresh) / seconds)
