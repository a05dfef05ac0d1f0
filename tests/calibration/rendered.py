"""Renders short clips of people in varied motion with their truth, and tracks them.

    .venv/bin/python tests/calibration/rendered.py OUT [--clips 300] [--first 0]           # for correction.py
    .venv/bin/python tests/calibration/rendered.py OUT --close --clips 400 --first 5000    # as webcams do
    .venv/bin/python tests/calibration/rendered.py OUT --hands --clips 1000 --first 7000   # for palms.py

Needs `pip install bpy moderngl scipy av` beside the product's own requirements, OpenGL through EGL (the CPU's
will do: Debian's libegl1 and libgl1-mesa-dri), and ../shared (or $BLAZERIG_SHARED) with `synth/make_clip.py`,
`synth/characters` and `media/mocap`. Writes OUT/NNNNN.mp4, .truth.npz and .take.npz of 40 frames each, or 30
of --hands; a clip takes 3 to 4 s on one core. What is there is kept, so it may be stopped and started again.
Motions in the time ranges of the clips in synth/dev are left out.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import bpy  # noqa: F401 (make_clip uses its mathutils)
import numpy as np

SHARED = Path(os.environ.get("BLAZERIG_SHARED", Path(__file__).resolve().parents[3] / "shared"))
sys.path.insert(0, str(SHARED / "synth"))

import make_clip  # noqa: E402
import poses  # noqa: E402
from blazerig.errors import BlazeRigError  # noqa: E402
from blazerig.models.nets import Wanted  # noqa: E402
from blazerig.models.track import track  # noqa: E402
from blazerig.take import save_take  # noqa: E402
from figures import Figure, load_figure  # noqa: E402
from make_clip import unit  # noqa: E402
from stage import Look, Stage  # noqa: E402

CHARACTERS = ("woman", "man")
KINDS = {"poses": 0.52, "arms": 0.17, "bvh": 0.18, "deepmimic": 0.13}
"""Where a motion comes from, and how often; `arms`: BVH with the arms of random poses."""
# How much lengths vary between people: logarithms' standard deviations, by part of the bone's name.
_SPREADS = {
    "UpLeg": 0.05, "Leg": 0.05, "Foot": 0.05, "Toe": 0.05, "ForeArm": 0.05, "Arm": 0.05, "Hand": 0.04,
    "Shoulder": 0.06, "Spine": 0.05, "Neck": 0.08, "Head": 0.03, "Hips": 0.05,
}  # fmt: skip
_CLOSE = ("Head", "Spine2", "Arm")
_WHOLE = ("Hand", "Head", "Foot", "Toe")


@dataclass(frozen=True)
class Shots:
    """How a set of clips is taken.

    Attributes:
        frames: Of a clip.
        sizes: Of its picture, each as likely.
        close: So many of five clips show head, chest and elbows for certain.
        hands: Hands are in those, too, and are tracked.
    """

    frames: int
    sizes: tuple[tuple[int, int], ...]
    close: int
    hands: bool


_SMALL = ((448, 336), (448, 336), (512, 288), (336, 448), (272, 448))
_LARGE = ((640, 480), (640, 480), (854, 480), (480, 640))
WHOLE, CLOSE = Shots(40, _SMALL, 0, hands=False), Shots(40, _SMALL, 5, hands=False)
HANDS = Shots(30, _LARGE, 2, hands=True)


@dataclass(frozen=True)
class Moved:
    """A figure in motion: joints (F, B, 3), skinning (F, B, 4, 4), rotations from rest (F, B, 3, 3)."""

    joints: np.ndarray
    skin: np.ndarray
    turned: np.ndarray


def main() -> None:
    parser = argparse.ArgumentParser(description="Render and track people with known joints")
    parser.add_argument("out", type=Path)
    parser.add_argument("--clips", type=int, default=300)
    parser.add_argument("--first", type=int, default=0, help="number of the first clip (0)")
    kinds = parser.add_mutually_exclusive_group()
    close, hands = "head, chest and elbows fill the picture", "larger pictures, hands tracked too"
    kinds.add_argument("--close", action="store_const", dest="shots", const=CLOSE, default=WHOLE, help=close)
    kinds.add_argument("--hands", action="store_const", dest="shots", const=HANDS, help=hands)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    paths = {name: SHARED / "synth" / "characters" / f"{name}.blend" for name in CHARACTERS}
    figures = {name: load_figure(path, make_clip.Skeleton) for name, path in paths.items()}
    stage = Stage(figures)
    for number in range(options.first, options.first + options.clips):
        clip = options.out / f"{number:05d}"
        if not clip.with_suffix(".take.npz").exists():
            render(clip, number, figures, stage, options.shots)
            try:
                take = track(clip.with_suffix(".mp4"), wanted=Wanted(hands=options.shots.hands)).take
                save_take(take, clip.with_suffix(".take.npz"))
            except BlazeRigError as error:
                print(error)
    sys.stdout.flush()
    os._exit(0)  # bpy may hang while Python shuts down


def render(clip: Path, number: int, figures: dict[str, Figure], stage: Stage, shots: Shots) -> None:
    """Make one clip and its truth; the number, and how it is taken, decide all about it."""
    random = np.random.default_rng(1000 + number)
    name = CHARACTERS[number % 2]
    figure, fps = figures[name], float(random.choice([6, 8, 10, 12]))
    kind, motion = choose_motion(random, figure, shots.frames, fps)
    moved = settled(figure, motion, proportions(random, figure))
    size = shots.sizes[random.integers(len(shots.sizes))]
    focal = random.uniform(25, 60) / 36 * max(size)
    intrinsics = np.array([[focal, 0, size[0] / 2], [0, focal, size[1] / 2], [0, 0, 1]])
    close = None if number % 5 < 5 - shots.close else (*_CLOSE, *("Hand",) * shots.hands)
    camera = place_camera(random, figure, moved, intrinsics, size, close)
    pictures = stage.film(
        name, moved.skin, camera, intrinsics, size, dress(random, camera, moved), figure.head[0]
    )
    write_video(clip.with_suffix(".mp4"), pictures, fps, size)
    np.savez_compressed(
        clip.with_suffix(".truth.npz"), joints=moved.joints.astype(np.float32),
        turned=moved.turned.astype(np.float32), names=figure.names, intrinsics=intrinsics,
        camera=camera, size=size, character=name, kind=kind, heads=figure.head, tails=figure.tail,
    )  # fmt: skip


def choose_motion(
    random: np.random.Generator, figure: Figure, frames: int, fps: float
) -> tuple[str, np.ndarray]:
    mocap = SHARED / "media" / "mocap"
    kind = str(random.choice(list(KINDS), p=list(KINDS.values())))
    motion = None
    if kind == "deepmimic":
        paths = sorted((mocap / "deepmimic").glob("humanoid3d_*.txt"))
        motion = poses.deepmimic_motion(random, figure, frames, fps, paths[random.integers(len(paths))])
    elif kind != "poses":
        paths = sorted((mocap / "bvh").glob("*.bvh"))
        while motion is None:
            motion = poses.bvh_motion(random, figure, frames, fps, paths[random.integers(len(paths))])
    if kind in ("poses", "arms"):
        other = poses.random_motion(random, figure, frames, fps)
        motion = other if motion is None else poses.with_arms_of(figure, motion, other)
    if random.random() < 0.5:
        flip = np.diag([-1.0, 1, 1])
        swapped = [name.replace("Left", "#").replace("Right", "Left") for name in figure.names]
        order = [figure.idx[name.replace("#", "Right")] for name in swapped]
        motion = flip @ motion[:, order] @ flip
    make_clip.animate_fingers(figure, motion, hold=int(random.integers(5, 20)))
    return kind, motion


def proportions(random: np.random.Generator, figure: Figure) -> np.ndarray:
    """How each bone of this person is scaled, in the rest's world axes. Shape (B, 3, 3)."""
    varied = random.random() < 0.75
    lengths = {
        part: np.exp(np.clip(random.normal(0, s), -2 * s, 2 * s) * varied) for part, s in _SPREADS.items()
    }
    girth = np.exp(random.normal(0, 0.05) * varied)
    scales = np.empty((len(figure.names), 3, 3))
    for i, name in enumerate(figure.names):
        part = next(part for part in _SPREADS if part in name)
        length, axes = lengths[part], figure.rest[i, :3, :3]
        along = (length, length, length) if part in _WHOLE else (girth, length, girth)
        scales[i] = np.diag([length, girth, 1]) if part == "Hips" else axes @ np.diag(along) @ axes.T
    return scales


def settled(figure: Figure, motion: np.ndarray, scales: np.ndarray) -> Moved:
    """Forward kinematics, the lowest point resting on the floor."""
    skin = np.tile(np.eye(4), (*motion.shape[:2], 1, 1))
    skin[..., :3, :3] = motion @ scales
    joints = np.zeros((*motion.shape[:2], 3))
    for i, parent in enumerate(figure.parent):
        if parent >= 0:
            joints[:, i] = joints[:, parent] + skin[:, parent, :3, :3] @ (
                figure.head[i] - figure.head[parent]
            )
    skin[..., :3, 3] = joints - np.einsum("fbij,bj->fbi", skin[..., :3, :3], figure.head)
    place, bones, weights = figure.shell
    place = np.concatenate([place, np.ones((len(place), 1))], axis=1)
    height = sum(np.einsum("fvc,vc->fv", skin[:, bones[:, k], 2], place) * weights[:, k] for k in range(4))
    up = -make_clip.gauss(height.min(1), 3.0)[:, None]
    joints[..., 2] += up
    skin[..., 2, 3] += up
    return Moved(joints, skin, motion)


def place_camera(
    random, figure: Figure, moved: Moved, intrinsics, size, close: tuple[str, ...] | None
) -> np.ndarray:
    """A camera that sees all of the figure, or in every fifth clip what is above the hips.

    A `close` one sees these parts for certain, in every fifth clip the hands too.
    """
    upper = random.random() < 0.2
    kept = [i for i, name in enumerate(figure.names) if not (upper and _has(name, "Leg", "Foot", "Toe"))]
    if close is not None:
        kept = [i for i, name in enumerate(figure.names) if _has(name, *close, *("Hand",) * upper)]
    head = figure.idx["Head"]
    crown = moved.joints[:, head] + 1.05 * moved.skin[:, head, :3, :3] @ (
        figure.tail[head] - figure.head[head]
    )
    body = np.concatenate([moved.joints[:, kept], crown[:, None]], axis=1)[::4]
    azimuth = random.normal(0, 40) if random.random() < 0.6 else random.uniform(-180, 180)
    height = float(np.clip(random.normal(1.35, 0.45 if close is None else 0.2), 0.3, 2.6))
    return make_clip.place_camera(body, intrinsics, size, azimuth, height, random.uniform(0.6, 0.95))[0]


def _has(name: str, *parts: str) -> bool:
    return any(part in name for part in parts)


def dress(random: np.random.Generator, camera: np.ndarray, moved: Moved) -> Look:
    """Light, walls and clothes."""
    ahead = unit(camera[:3, 2] * [1, 1, 0])
    far = ((moved.joints.reshape(-1, 3) - camera[:3, 3]) @ ahead).max() + random.uniform(0.8, 4)
    toward = np.arctan2(-ahead[1], -ahead[0])
    wall, azimuth, height = (
        toward + random.normal(0, 0.26),
        toward + random.normal(0, 1),
        random.uniform(0.5, 1.3),
    )
    flat = np.array([np.cos(azimuth), np.sin(azimuth), 0]) * np.cos(height)

    def paint() -> tuple[np.ndarray, np.ndarray]:
        base = random.uniform(0.06, 0.7) * unit(1 + random.normal(0, 0.12, 3)) * 1.5
        return base, np.clip(base * random.uniform(0.75, 1.3), 0.02, 0.95)

    sky = random.uniform(0.25, 0.6) * np.array([0.95, 1, 1.06])
    skin = random.uniform(0.35, 1.05) * np.array([1, random.uniform(0.88, 1), random.uniform(0.82, 1)])
    cloth = np.exp(random.normal(-0.06, 0.21, 3) + random.normal(0, 0.3))
    return Look(
        sun=np.array([*flat[:2], np.sin(height)]),
        sun_colour=random.uniform(0.4, 1.1) * np.array([1, 0.97, 0.92]),
        sky=sky,
        ground=sky * 0.62,
        wall_place=(camera[:3, 3] + ahead * far) * [1, 1, 0],
        wall_normal=np.array([np.cos(wall), np.sin(wall), 0]),
        rooms=(
            (*paint(), random.uniform(0.5, 3), random.choice([0, 0, 0.7, 1.3])),
            (*paint(), random.uniform(0.3, 2), 0.0),
        ),
        tints={
            "cloth": cloth,
            "skin": skin,
            "hair": np.full(3, np.exp(random.normal(0, 0.5))),
            "shoes": np.ones(3),
        },
    )


def write_video(path: Path, pictures: Iterable[np.ndarray], fps: float, size: tuple[int, int]) -> None:
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=Fraction(fps), options={"crf": "20", "preset": "superfast"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for picture in pictures:
            file.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")))
        file.mux(stream.encode())


if __name__ == "__main__":
    main()
