"""The motion's file: a solution, and all that is needed to read it without BlazeRig.

The format is documented in `docs/motion-format.md`.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from ..archive import NUMBERS, Arrays, Kind, Layout, check_layout, read_arrays, write_arrays
from ..errors import BlazeRigError
from .camera import Camera
from .face.face_motion import FaceMotion
from .face.shapes import SHAPES
from .humanoid import PARENTS, SLOTS
from .pose import Pose
from .solution import Solution

VERSION = 2
_KIND = Kind("motion", VERSION, "rotations", "blazerig solve")
_BONES = len(SLOTS)
_LAYOUT: Layout = {
    "source": ("U", ()),
    "fps": (NUMBERS, ()),
    "slots": ("U", (_BONES,)),
    "parents": (NUMBERS, (_BONES,)),
    "times": (NUMBERS, (None,)),
    "rotations": (NUMBERS, (None, _BONES, 4)),
    "hips": (NUMBERS, (None, 3)),
    "rest": (NUMBERS, (_BONES, 3)),
    "contacts": (NUMBERS, (None, 6)),
    "landmarks": (NUMBERS, (None, 33, 3)),
    "trust": (NUMBERS, (None, 33)),
    "focal": (NUMBERS, ()),
    "centre": (NUMBERS, (2,)),
    "world_from_camera": (NUMBERS, (3, 3)),
    "eye": (NUMBERS, (3,)),
}
# What a motion may do without.
_FACE_LAYOUT: Layout = {
    "face_shapes": ("U", (len(SHAPES),)),
    "face_weights": (NUMBERS, (None, len(SHAPES))),
    "face_head": (NUMBERS, (None, 4)),
    "face_place": (NUMBERS, (None, 3)),
    "face_gaze": (NUMBERS, (None, 2, 2)),
    "face_trust": (NUMBERS, (None,)),
}


def save_motion(solution: Solution, path: str | os.PathLike[str], *, source: str, fps: float) -> None:
    """Write `solution` beside `path` and rename it, so that a failure leaves what was there.

    Args:
        solution: What was solved.
        path: The file.
        source: Name of the footage.
        fps: Nominal frames per second of the footage; the times are what counts.

    Raises:
        BlazeRigError: The file cannot be written.
    """
    pose = solution.pose
    arrays: dict[str, object] = {
        "source": source,
        "fps": np.float64(fps),
        "slots": np.array(SLOTS),
        "parents": np.array(PARENTS, np.int32),
        "times": np.asarray(pose.times, np.float64),
        "rotations": np.asarray(pose.rotations, np.float64),
        "hips": np.asarray(pose.hips, np.float64),
        "rest": np.asarray(pose.rest, np.float64),
        "contacts": np.asarray(solution.contacts, np.float32),
        "landmarks": np.asarray(solution.landmarks, np.float32),
        "trust": np.asarray(solution.trust, np.float32),
        "focal": np.float64(solution.camera.focal),
        "centre": np.asarray(solution.camera.centre, np.float64),
        "world_from_camera": np.asarray(solution.world_from_camera, np.float64),
        "eye": np.asarray(solution.eye, np.float64),
    }
    if solution.face is not None:
        arrays |= _face_arrays(solution.face)
    write_arrays(arrays, Path(path), _KIND)


def _face_arrays(face: FaceMotion) -> dict[str, object]:
    parts = {f"face_{name}": getattr(face, name) for name in ("weights", "head", "place", "gaze", "trust")}
    return {
        "face_shapes": np.array(SHAPES),
        **{name: np.asarray(part, float) for name, part in parts.items()},
    }


def load_motion(path: str | os.PathLike[str]) -> Solution:
    """Read a motion.

    Raises:
        BlazeRigError: The file is missing, is no motion, is damaged, or comes from a later version.
    """
    path = Path(path)
    arrays = read_arrays(path, _KIND)
    if int(arrays["version"]) == 1 and arrays.get("contacts", np.empty(0)).shape[1:] == (4,):
        arrays["contacts"] = np.pad(arrays["contacts"], ((0, 0), (0, 2)))  # version 1 knew no hands
    has_face = "face_weights" in arrays
    check_layout(arrays, {**_LAYOUT, **(_FACE_LAYOUT if has_face else {})}, path, _KIND)
    if arrays["slots"].tolist() != list(SLOTS):
        raise BlazeRigError(
            f"{path} is no motion of this humanoid: its slots are others; solve the take anew"
        )
    whole = ("times", "rotations", "hips", "rest", "world_from_camera", "eye")
    if has_face and arrays["face_shapes"].tolist() != list(SHAPES):
        raise BlazeRigError(f"{path} has a face of other shapes than ARKit's 52; solve the take anew")
    whole += tuple(_FACE_LAYOUT)[1:] if has_face else ()
    if damaged := [name for name in whole if not np.isfinite(arrays[name]).all()]:
        raise BlazeRigError(f"{path} is damaged: there are gaps in {', '.join(damaged)}; solve the take anew")
    return Solution(
        pose=Pose(arrays["times"], arrays["rotations"], arrays["hips"], arrays["rest"]),
        camera=Camera(float(arrays["focal"]), arrays["centre"]),
        world_from_camera=arrays["world_from_camera"],
        eye=arrays["eye"],
        trust=arrays["trust"],
        landmarks=arrays["landmarks"],
        contacts=arrays["contacts"],
        face=_face(arrays) if has_face else None,
    )


def _face(arrays: Arrays) -> FaceMotion:
    return FaceMotion(
        arrays["times"], *(arrays[f"face_{name}"] for name in ("weights", "head", "place", "gaze", "trust"))
    )


def motion_beside(take: Path) -> Path:
    """Where the motion of a recorded take is, as it was shown."""
    return take.with_suffix(f".motion{take.suffix}")
