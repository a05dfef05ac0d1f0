"""The main job on one piece of footage, start to end: take, motion, animated mannequin, film."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import bpy

from ...models.film import write_film
from ...models.track import Progress, Tracked, track
from ...output import check_folder, written_whole
from ...progress import Bar
from ...solver.bvh import write_bvh
from ...solver.pose import Pose
from ...solver.solve import solve
from ...take import Take, save_take
from ..animate.animate import animate
from ..blend import save_blend, set_rate
from ..frame_rate import rate_of
from ..quiet import quiet
from . import mannequin
from .stage import set_stage

FILM_RATE = 15.0
"""Pictures a second that the film has at most: a rendered one takes about a second."""


def run(video: Path, out: Path, *, seconds: float | None = None, render: bool = True) -> None:
    """Leave `demo.npz`, `demo.bvh`, `demo.blend` and `demo.mp4` in the folder `out`, and say what was done.

    Args:
        video: Footage of a person.
        out: A folder, made where it is missing.
        seconds: Only the first seconds of the footage.
        render: Whether to make the film.

    Raises:
        BlazeRigError: The footage cannot be used, or the folder not be written.
    """
    begun = time.monotonic()
    check_folder(out)
    print(f"tracking {video}", flush=True)
    with Bar(sys.stderr) as bar:
        tracked = track(video, end=seconds, progress=bar)
    take = tracked.take
    out.mkdir(parents=True, exist_ok=True)
    save_take(take, out / "demo.npz")
    pose = solve(take).pose
    write_bvh(pose, out / "demo.bvh")

    print("animating the mannequin", flush=True)
    with quiet():
        rig = _animated(take, pose, video)
    save_blend(out / "demo.blend")
    if render:
        print("rendering the film", flush=True)
        with written_whole(out / "demo.mp4") as film:
            _film(film, video, take)
    _report(tracked, rig, out, time.monotonic() - begun, render=render)


def _animated(take: Take, pose: Pose, video: Path) -> bpy.types.Object:
    """A mannequin that moves as the performer did, on a stage of its own, at the footage's frame rate."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    set_rate(scene, take.fps)
    scene.frame_start = scene.frame_end = 1
    rig = mannequin.add()
    animate(rig, pose, scene=scene, name=video.stem)
    set_stage(scene, rig, video, frames=len(take))
    return rig


def _film(path: Path, video: Path, take: Take) -> None:
    """Render the character at the times of some of the footage's frames, and set it beside them."""
    scene = bpy.context.scene
    frames = range(0, len(take), max(1, round(take.fps / FILM_RATE)))
    fps = rate_of(scene)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="blazerig-") as folder, Bar(sys.stderr) as bar:
        panels = [Path(folder) / f"{frame:06d}.png" for frame in frames]
        for done, (frame, panel) in enumerate(zip(frames, panels, strict=True), start=1):
            at = 1.0 + float(take.times[frame]) * fps
            scene.frame_set(int(at), subframe=at - int(at))
            scene.render.filepath = str(panel)
            with quiet():
                bpy.ops.render.render(write_still=True)
            rate = done / (time.monotonic() - begun)
            bar(Progress("film", done, len(frames), (len(frames) - done) / rate, rate))
        write_film(path, video, take, frames, panels)


def _report(tracked: Tracked, rig: bpy.types.Object, out: Path, seconds: float, *, render: bool) -> None:
    for warning in tracked.warnings:
        print(f"note: {warning}")
    take = tracked.take
    length = take.times[-1] - take.times[0]
    counted = "1 frame" if len(take) == 1 else f"{len(take)} frames"
    print(f"{counted} ({length:.1f} s of footage) in {seconds:.0f} s, nets on {tracked.provider}")
    print(f"character: '{rig.name}', a Rigify human, keyed on its FK controls")
    made = ["demo.blend", *(["demo.mp4"] if render else []), "demo.bvh", "demo.npz"]
    print("files:", ", ".join(str(out / name) for name in made))
