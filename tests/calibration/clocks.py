"""The two clocks beside each other: how near live and offline come to the truth, and to the reference.

    .venv/bin/python tests/calibration/clocks.py

Needs ../shared (or $BLAZERIG_SHARED): the rendered clips with truth, and footage for the reference, which is
left out where `.venv-reference` is not there. Prints the tables of `docs/tracking.md`. Takes some minutes.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from blazerig.models.nets import Wanted
from blazerig.models.track import MODES, track
from blazerig.take import Take

_ROOT = Path(__file__).resolve().parents[2]
_SHARED = Path(os.environ.get("BLAZERIG_SHARED", _ROOT.parent / "shared"))
_REFERENCE = _ROOT / ".venv-reference" / "bin" / "python"
_CLIPS = ("video_gt/tfjs_squats/pose_squats.mp4", "video/sam2_juggle.mp4", "video/intel_asl/please.mkv")
_PREFIX = "mixamorig:"
_LIMBS = {11: "Arm", 13: "ForeArm", 15: "Hand", 23: "UpLeg", 25: "Leg", 27: "Foot"}
_FINGERS = {0: "Hand", 1: "HandThumb1", 2: "HandThumb2", 3: "HandThumb3"} | {
    first + joint: f"Hand{finger}{joint + 1}"
    for first, finger in ((5, "Index"), (9, "Middle"), (13, "Ring"), (17, "Pinky"))
    for joint in range(3)
}
_SIDES = ("Left", "Right")


def main() -> None:
    print("Error to the truth (jitter: error of the acceleration)\n")
    columns = ("clip", "clock", "body px", "jitter px", "body mm", "jitter mm", "hands %", "jitter %", "seen")
    print(line(columns))
    print(line(["---"] * len(columns)))
    clips = sorted(path for path in (_SHARED / "synth" / "dev").iterdir() if path.is_dir())
    figures = {mode: [] for mode in MODES}
    for clip in clips:
        for mode in MODES:
            take = track(clip / "video.mp4", mode=mode, provider="cpu").take
            figures[mode].append(against_truth(take, clip / "truth.npz"))
            print(line([clip.name, mode, *figures[mode][-1]]), flush=True)
    for mode in MODES:
        print(line(["mean", mode, *np.mean(figures[mode], axis=0)]))
    if _REFERENCE.is_file():
        print("\nMean distance to the reference, px, and share of frames in which one of both lacks it\n")
        print(line(("clip", "clock", "body", "left hand", "right hand", "face")))
        print(line(["---"] * 6))
        for clip in _CLIPS:
            against_reference(_SHARED / "media" / clip)


def line(cells: object) -> str:
    """A row of a table."""
    return "| " + " | ".join(f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in cells) + " |"


def against_truth(take: Take, path: Path) -> list[float]:
    """Mean errors of twelve joints of the limbs, and of sixteen of each hand in percent of its length."""
    with np.load(path) as file:
        names = [str(name).removeprefix(_PREFIX) for name in file["bone_names"]]
        joints, heads, size = file["joints_2d"], file["heads"], file["image_size"]
        to_camera = np.linalg.inv(file["world_from_camera"])
        lengths = file["hand_px"]
    points = {
        i + right: names.index(side + bone) for i, bone in _LIMBS.items() for right, side in enumerate(_SIDES)
    }
    landmarks, bones = list(points), list(points.values())
    truth = joints[:, bones]
    error = take.body_image[:, landmarks, :2] - truth
    outside = ~((truth >= 0) & (truth < size)).all(-1)
    error[outside] = np.nan
    camera = heads @ to_camera[:3, :3].T + to_camera[:3, 3]
    camera -= camera[:, [names.index("LeftUpLeg"), names.index("RightUpLeg")]].mean(1, keepdims=True)
    metric = 1e3 * (take.body_world[:, landmarks] - camera[:, bones])
    metric[outside] = np.nan
    hands = [hand_error(take, side, names, joints, lengths[:, k]) for k, side in enumerate(_SIDES)]
    fingers = np.concatenate(hands, axis=1)
    seen = float(np.isfinite(fingers[..., 0]).mean())
    return [
        length(error),
        jitter(error),
        length(metric),
        jitter(metric),
        length(fingers),
        jitter(fingers),
        seen,
    ]


def hand_error(
    take: Take, side: str, names: list[str], joints: np.ndarray, lengths: np.ndarray
) -> np.ndarray:
    """Offsets of a hand's joints in percent of its length. Shape (F, 16, 2)."""
    hand = getattr(take, side.lower())
    truth = joints[:, [names.index(side + bone) for bone in _FINGERS.values()]]
    return 1e2 * (hand.image[:, list(_FINGERS), :2] - truth) / lengths[:, None, None]


def length(error: np.ndarray) -> float:
    return float(np.nanmean(np.linalg.norm(error, axis=-1)))


def jitter(error: np.ndarray) -> float:
    return length(error[2:] - 2.0 * error[1:-1] + error[:-2])


def against_reference(video: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "reference.npz"
        script = _ROOT / "tests" / "reference" / "holistic.py"
        command = [_REFERENCE, script, out, video, "--video", "--refine"]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        with np.load(out) as file:
            theirs = [file[f"{part}_image"] for part in ("body", "left_hand", "right_hand", "face")]
    for mode in MODES:
        take = track(video, mode=mode, provider="cpu", wanted=Wanted(face=True, heatmap_kernel=9)).take
        assert take.face is not None
        ours = (take.body_image, take.left.image, take.right.image, take.face.image)
        cells = [compare(one, other) for one, other in zip(ours, theirs, strict=True)]
        print(line([video.stem, mode, *cells]), flush=True)


def compare(ours: np.ndarray, theirs: np.ndarray) -> str:
    apart = np.linalg.norm((ours - theirs)[..., :2], axis=-1).mean(1)
    missed = np.isnan(ours).any((1, 2)) != np.isnan(theirs).any((1, 2))
    both = f"{np.nanmean(apart):.2f}" if np.isfinite(apart).any() else "-"
    return f"{both} ({missed.mean():.0%})"


if __name__ == "__main__":
    main()
