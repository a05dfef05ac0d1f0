"""How far IK keys agree with FK keys on Rigify's human: `python tests/bench_retarget MOTION.npz ...`.

Motions (of `blazerig solve`) are keyed both ways and read back from Blender. Ends with 1 where hands or feet
differ by more than 5 mm or 1 degree, or the direction of a forearm or shin by more than 1 degree.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("BLENDER_USER_RESOURCES", tempfile.mkdtemp(prefix="blazerig-blender-"))

import bpy
import numpy as np
from blazerig.addon.animate.animate import animate
from blazerig.addon.demo.rigify import human
from blazerig.solver import rotations
from blazerig.solver.motion import load_motion
from blazerig.solver.pose import Pose
from blazerig.solver.retarget import Options

PARTS = {
    "upper arms": "upper_arm",
    "forearms": "forearm",
    "hands": "hand",
    "thighs": "thigh",
    "shins": "shin",
    "feet": "foot",
}
HEAD = (
    "motion",
    "part",
    "mm, mean",
    "mm, worst",
    "direction °, mean",
    "worst",
    "orientation °, mean",
    "worst",
)
PLACE, TURN = 5.0, 1.0
"""Millimetres and degrees that are allowed."""


def main() -> int:
    """Print the table; the exit code."""
    parser = argparse.ArgumentParser(prog="bench-retarget", description=__doc__)
    parser.add_argument("motions", nargs="+", type=Path)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    armature = human()
    print("| " + " | ".join(HEAD) + " |\n|" + "---|" * len(HEAD), flush=True)
    fine = True
    for path in parser.parse_args().motions:
        pose = load_motion(path).pose
        fk, ik = (shown(armature, pose, Options(controls=controls)) for controls in ("fk", "ik"))
        for i, part in enumerate(PARTS):
            away, aside, turned = differences(fk[:, 2 * i : 2 * i + 2], ik[:, 2 * i : 2 * i + 2])
            figures = [value for found in (away, aside, turned) for value in (found.mean(), found.max())]
            print(f"| {path.name} | {part} | " + " | ".join(f"{value:.3f}" for value in figures) + " |")
            fine &= aside.max() < TURN
            fine &= part not in ("hands", "feet") or (away.max() < PLACE and turned.max() < TURN)
    return 0 if fine else 1


def shown(armature: bpy.types.Object, pose: Pose, options: Options) -> np.ndarray:
    """Matrices (F, B, 4, 4) of the limbs as Blender shows them at the motion's own times."""
    scene = bpy.context.scene
    scene.render.fps, scene.render.fps_base = 30, 1.0
    animate(armature, pose, scene=scene, name=options.controls, options=options, on_frames=False)
    bones = [f"ORG-{name}.{side}" for name in PARTS.values() for side in "LR"]
    found = []
    for frame in 1.0 + 30.0 * pose.times:
        scene.frame_set(int(frame), subframe=float(frame % 1.0))
        evaluated = armature.evaluated_get(bpy.context.evaluated_depsgraph_get())
        found.append([np.array(evaluated.pose.bones[name].matrix) for name in bones])
    return np.array(found)


def differences(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Millimetres (F, B) between bones' heads, degrees between their directions and between their turns."""
    away = 1000 * np.linalg.norm(one[..., :3, 3] - other[..., :3, 3], axis=-1)
    axes, others = (
        m[..., :3, :3] / np.linalg.norm(m[..., :3, :3], axis=-2, keepdims=True) for m in (one, other)
    )
    cosine = np.clip((axes[..., 1] * others[..., 1]).sum(-1), -1.0, 1.0)
    turned = rotations.angle_between(rotations.from_matrix(axes), rotations.from_matrix(others))
    return away, np.degrees(np.arccos(cosine)), np.degrees(turned)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # bpy now and then hangs as it ends
