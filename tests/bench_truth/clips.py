"""The rendered clips: tracked once, solved, put onto their own character, scored against their truth."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from blazerig.solver.retarget import retarget
from blazerig.solver.solution import Solution
from blazerig.take import Take, load_take
from character import Truth, bones, posed, rig

Score = dict[str, Any]
Solve = Callable[[Take], Solution]


@dataclass(frozen=True)
class Clip:
    """A clip with exact truth.

    Attributes:
        name: Of its folder.
        folder: It holds video.mp4 and truth.npz.
        truth: The arrays of truth.npz.
        take: What the nets saw.
        soles: Points of the shoes' soles from the head of their bone, at rest, by bone. Each (N, 3).
    """

    name: str
    folder: Path
    truth: Truth
    take: Take
    soles: dict[int, np.ndarray]

    @property
    def legs_seen(self) -> bool:
        """Whether the feet are in the picture for most of the clip."""
        feet = [bones(self.truth).index(f"{side}Foot") for side in ("Left", "Right")]
        points = self.truth["joints_2d"][:, feet]
        return bool(((points >= 0) & (points <= self.truth["image_size"])).all(-1).mean() > 0.5)


def blazerig(*arguments: str | Path) -> None:
    """Run a command of BlazeRig like a user."""
    subprocess.run(
        [sys.executable, "-P", "-m", "blazerig", *arguments], check=True, stdout=subprocess.DEVNULL
    )


def tracked(video: Path, take: Path) -> Take:
    """The take of `video`, tracked where it is not there yet."""
    if not take.is_file():
        take.parent.mkdir(parents=True, exist_ok=True)
        blazerig("track", video, "-o", take)
    return load_take(take)


def load_clips(shared: Path, cache_folder: Path, only: Sequence[str] | None = None) -> list[Clip]:
    """The clips under `shared`/synth/dev, or `only` some, their takes from or into `cache_folder`."""
    folders = sorted(path.parent for path in (shared / "synth" / "dev").glob("*/truth.npz"))
    folders = [folder for folder in folders if not only or folder.name in only]
    return [_clip(shared, folder, cache_folder) for folder in folders]


def _clip(shared: Path, folder: Path, cache_folder: Path) -> Clip:
    with np.load(folder / "truth.npz") as file:
        truth = dict(file)
    take = tracked(folder / "video.mp4", cache_folder / f"{folder.name}.npz")
    character = shared / "synth" / "characters" / str(truth["character"])
    return Clip(folder.name, folder, truth, take, _soles(shared, character, folder, cache_folder))


def _soles(shared: Path, character: Path, folder: Path, cache_folder: Path) -> dict[int, np.ndarray]:
    """The points of the shoes' soles, read off the character by Blender where nobody has done it yet."""
    stored = cache_folder / f"soles-{character.stem}.npz"
    if not stored.is_file():
        script = Path(__file__).with_name("soles.py")
        command = [sys.executable, script, shared / "synth", character, folder / "truth.npz", stored]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with np.load(stored) as file:
        return {int(bone): points for bone, points in file.items()}


@cache
def scorer(shared: Path) -> ModuleType:
    """The benchmark's own score.py."""
    spec = importlib.util.spec_from_file_location("score", shared / "synth" / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def keyed(solution: Solution, clip: Clip) -> np.ndarray:
    """World matrices of the character's bones, as keys would pose them. Shape (F, B, 4, 4)."""
    matrices = posed(retarget(solution.pose, rig(clip.truth)), clip.truth)
    at = np.abs(solution.pose.times[None] - clip.truth["time"][:, None]).argmin(1)
    return matrices[at]


def score(matrices: np.ndarray, clip: Clip, shared: Path) -> Score:
    """What score.py says of posed bones, without Blender."""
    return scorer(shared).score_pose(matrices, clip.truth, clip.soles)


def score_through_blender(clip: Clip, take: Path, shared: Path, out: Path) -> Score:
    """What score.py says of the character that `blazerig retarget` keys."""
    blend, scores = out / f"{clip.name}.blend", out / f"{clip.name}.json"
    character = shared / "synth" / "characters" / str(clip.truth["character"])
    blazerig("retarget", take, "--rig", character, "-o", blend, "--subframes")
    scoring = [sys.executable, shared / "synth" / "score.py", "blend", blend, clip.folder / "truth.npz"]
    subprocess.run([*scoring, "--json", scores], check=True, stdout=subprocess.DEVNULL)
    return json.loads(scores.read_text())
