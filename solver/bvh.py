"""The humanoid as a BVH file: joints named by their slots, +Y up, T-pose at rest."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from ..output import written_whole
from ..take import Floats
from . import rotations
from .humanoid import PARENTS, SLOTS
from .pose import Pose

Y_UP_FROM_WORLD = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])
"""BVH's custom: +Y up, the performer faces +Z."""
TIP = 0.6
"""Length of an end site against its bone's offset from the parent: only for display."""


UNITS = {"m": 1.0, "cm": 100.0}
"""Of lengths in the file, and how many of them make a metre."""


def write_bvh(pose: Pose, path: str | os.PathLike[str], *, units: str = "m") -> None:
    """Write `pose` beside `path` and rename it, lengths in one of `UNITS`.

    BVH knows only evenly spaced frames: footage of a variable rate is resampled at its mean
    rate, rotations along the shorter way.

    Raises:
        BlazeRigError: The file cannot be written.
    """
    even, step = _evenly_spaced(pose)
    scale = UNITS[units]
    text = "\n".join([*_hierarchy(even.rest * scale), *_motion(even, step, scale)]) + "\n"
    with written_whole(Path(path)) as unfinished:
        unfinished.write_text(text, encoding="ascii")


def _evenly_spaced(pose: Pose) -> tuple[Pose, float]:
    frames = len(pose.times)
    if frames < 2:
        return pose, 1.0 / 30.0
    times = np.linspace(pose.times[0], pose.times[-1], frames)
    at = np.interp(times, pose.times, np.arange(frames))
    before = np.minimum(at.astype(int), frames - 2)
    share = (at - before)[:, None]
    turned = rotations.interpolate(pose.rotations[before], pose.rotations[before + 1], share)
    hips = pose.hips[before] * (1 - share) + pose.hips[before + 1] * share
    return Pose(times, turned, hips, pose.rest), float(times[1] - times[0])


def _hierarchy(rest: Floats) -> list[str]:
    lines = ["HIERARCHY"]

    def offset(vector: Floats) -> str:
        return "OFFSET " + " ".join(f"{value:.6f}" for value in Y_UP_FROM_WORLD @ vector)

    def joint(index: int, depth: int) -> None:
        indent, inner = "\t" * depth, "\t" * (depth + 1)
        parent = PARENTS[index]
        root = parent < 0
        reach = rest[index] if root else rest[index] - rest[parent]
        lines.extend([f"{indent}{'ROOT' if root else 'JOINT'} {SLOTS[index]}", f"{indent}{{"])
        lines.append(inner + offset(np.zeros(3) if root else reach))
        channels = "Xposition Yposition Zposition " if root else ""
        lines.append(f"{inner}CHANNELS {6 if root else 3} {channels}Zrotation Xrotation Yrotation")
        children = [child for child, above in enumerate(PARENTS) if above == index]
        for child in children:
            joint(child, depth + 1)
        if not children:
            lines.extend([f"{inner}End Site", f"{inner}{{", f"{inner}\t{offset(TIP * reach)}", f"{inner}}}"])
        lines.append(f"{indent}}}")

    joint(0, 0)
    return lines


def _motion(pose: Pose, step: float, scale: float) -> list[str]:
    order = _written_order()
    channels = [scale * pose.hips @ Y_UP_FROM_WORLD.T]
    basis = rotations.from_matrix(Y_UP_FROM_WORLD)
    for index in order:
        parent = PARENTS[index]
        above = rotations.IDENTITY if parent < 0 else pose.rotations[:, parent]
        local = rotations.multiply(rotations.inverse(above), pose.rotations[:, index])
        local = rotations.multiply(rotations.multiply(basis, local), rotations.inverse(basis))
        euler = Rotation.from_quat(local[:, [1, 2, 3, 0]]).as_euler("ZXY", degrees=True)
        channels.append(np.degrees(np.unwrap(np.radians(euler), axis=0)))
    rows = np.concatenate(channels, axis=1)
    lines = ["MOTION", f"Frames: {len(rows)}", f"Frame Time: {step:.9f}"]
    return lines + [" ".join(f"{value:.5f}" for value in row) for row in rows]


def _written_order() -> list[int]:
    """Slots in the order in which the hierarchy is written, depth first."""
    order: list[int] = []

    def visit(index: int) -> None:
        order.append(index)
        for child, above in enumerate(PARENTS):
            if above == index:
                visit(child)

    visit(0)
    return order
