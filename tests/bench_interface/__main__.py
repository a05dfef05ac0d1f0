"""How long Blender's window is held while footage is tracked: python3 build.py bench-interface VIDEO.

The job is stepped in a bare Blender at the operator's interval, as the timer of its window does. A window
adds a status text and a request to redraw five times a second, which are not in it: there is nothing to draw.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

LIMIT = 8.0
"""Milliseconds that a step may hold the window, but for one in twenty."""
STAGES = ("starting", "people", "tracking")
AGAIN = 3
"""How often each way to end is measured."""


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="build.py bench-interface")
    options.add_argument("video", type=Path)
    video = options.parse_args().video
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BLENDER_USER_RESOURCES"] = folder
        import blazerig

        blazerig.register()
        watched()
        held = whole(video)
        print(f"{len(held)} steps while {video.name} was tracked, ms each")
        print("  p50    p95    max   first  last")
        p50, p95 = np.percentile(held, (50, 95))
        print(f"{p50:5.2f}  {p95:5.2f}  {max(held):5.2f}  {held[0]:5.2f}  {held[-1]:5.2f}")
        print("\nto idle, s, the longest of", AGAIN)
        print(f"{'':12}{'stopped':>9}{'killed':>9}{'longest step, ms':>19}  what is said")
        for stage in STAGES:
            print(ended(video, stage), flush=True)
        blazerig.unregister()
    sys.stdout.flush()
    os._exit(0 if p95 <= LIMIT else 1)


def whole(video: Path) -> list[float]:
    """Milliseconds of every step of a tracking."""
    held, _ = stepped(video, lambda: False, lambda: None)
    return held


def ended(video: Path, stage: str) -> str:
    """A line: how long it takes to get idle from within `stage`, stopped and killed."""
    from blazerig.addon import job

    times: dict[str, float] = {}
    longest, said = 0.0, ""
    for name, act in (("stopped", job.stop.set), ("killed", kill)):
        runs = [stepped(video, lambda: at(stage), act) for _ in range(AGAIN)]
        times[name] = max(idle for _, idle in runs)
        longest = max(longest, *(max(held) for held, _ in runs))
        said = said or job.status().message
    return f"{stage:12}{times['stopped']:9.2f}{times['killed']:9.2f}{longest:19.2f}  {said}"


def at(stage: str) -> bool:
    """Whether the job is well within `stage`."""
    from blazerig.addon import job

    message = job.status().message
    if stage == "starting":
        return message == "Starting"
    return job.status().factor > 0.2 and message.startswith("Looking") == (stage == "people")


def kill() -> None:
    """The worker, as a driver that crashes does."""
    running[-1]._process.kill()


def stepped(video: Path, when: Callable[[], bool], act: Callable[[], None]) -> tuple[list[float], float]:
    """Track, do something when it is time, and step on until the job is over.

    Returns:
        Milliseconds of each step, and seconds from what was done to the end.
    """
    import bpy
    from blazerig.addon import capture, job
    from blazerig.errors import BlazeRigError

    bpy.ops.wm.read_factory_settings()
    job.begin(capture.track(bpy.context.scene, video))
    held, done, on = list[float](), 0.0, True
    while on:
        began = time.perf_counter()
        try:
            on = job.step()
        except BlazeRigError:
            on = False
        held.append(1e3 * (time.perf_counter() - began))
        if not done and on and when():
            act()
            done = time.perf_counter()
        time.sleep(job.INTERVAL if on else 0.0)
    return held, time.perf_counter() - done


running = list[object]()
"""The workers in the order in which they were started."""


def watched() -> None:
    """Note the workers, so that they can be killed."""
    from blazerig.addon import worker

    start = worker.track

    def track(*arguments: object) -> object:
        running.append(start(*arguments))
        return running[-1]

    worker.track = track


if __name__ == "__main__":
    main()
