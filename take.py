"""A take: all that the models saw of a clip. Written once, read by the solver.

The file format is documented in `docs/take-format.md`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .archive import NUMBERS, Kind, Layout, check_layout, read_arrays, write_arrays

Floats = NDArray[np.floating[Any]]
VERSION = 2

_KIND = Kind("take", VERSION, "body_world", "blazerig track")
_LAYOUT: Layout = {
    "source": ("U", ()),
    "fps": (NUMBERS, ()),
    "times": (NUMBERS, (None,)),
    "size": (NUMBERS, (2,)),
    "body_image": (NUMBERS, (None, 33, 3)),
    "body_world": (NUMBERS, (None, 33, 3)),
    "body_visibility": (NUMBERS, (None, 33)),
    "body_confidence": (NUMBERS, (None, 33)),
    **{
        f"{side}_hand_{part}": (NUMBERS, shape)
        for side in ("left", "right")
        for part, shape in (("image", (None, 21, 3)), ("world", (None, 21, 3)), ("score", (None,)))
    },
}
# What a take may do without.
_FACE_LAYOUT: Layout = {
    "face_image": (NUMBERS, (None, 478, 3)),
    "face_score": (NUMBERS, (None,)),
}
_FOCAL_LAYOUT: Layout = {"focal": (NUMBERS, ())}


@dataclass(frozen=True)
class Hand:
    """The 21 landmarks of one hand over a clip; NaN where the hand was not found.

    Attributes:
        image: Pixels; z in pixels too (net's z times the crop's width). Shape (F, 21, 3).
        world: Metres in the body's axes and origin, the hand's wrist on the body's. Shape (F, 21, 3).
        score: Presence of a hand according to the net, 0 to 1. Shape (F,).
    """

    image: Floats
    world: Floats
    score: Floats


@dataclass(frozen=True)
class Face:
    """The 478 landmarks of the face over a clip; NaN where the face was not found.

    Attributes:
        image: Pixels; z in pixels too, relative. MediaPipe's mesh of 468, then five of each iris, the
            performer's right one before the left. Shape (F, 478, 3).
        score: Presence of a face according to the net, 0 to 1. Shape (F,).
    """

    image: Floats
    score: Floats


@dataclass(frozen=True)
class Take:
    """Landmarks of one performer over F frames; NaN where something was not found.

    Attributes:
        source: Name of the footage.
        fps: Nominal frames per second of the footage; `times` are what counts.
        times: Seconds of each frame, the first frame of the footage at 0. Shape (F,).
        size: Width and height of the picture in pixels. Shape (2,).
        body_image: Pixels, x right, y down; z in pixels, relative to the hips. Shape (F, 33, 3).
        body_world: Metres, x right, y down, z away from the camera, hip-centred. Shape (F, 33, 3).
        body_visibility: The net's visibility, 0 to 1. Shape (F, 33).
        body_confidence: How likely each image point is right, 0 to 1: low for points that are hidden,
            guessed or outside the picture. Shape (F, 33).
        left: The performer's left hand.
        right: The performer's right hand.
        face: None where it was not looked for.
        focal: Focal length of the camera in pixels, as the footage says; None where it does not.
    """

    source: str
    fps: float
    times: Floats
    size: NDArray[np.integer[Any]]
    body_image: Floats
    body_world: Floats
    body_visibility: Floats
    body_confidence: Floats
    left: Hand
    right: Hand
    face: Face | None = None
    focal: float | None = None

    def __len__(self) -> int:
        return len(self.times)


def save_take(take: Take, path: str | os.PathLike[str]) -> None:
    """Write `take` beside `path` and rename it, so that a failure leaves what was there.

    Raises:
        BlazeRigError: The file cannot be written.
    """
    arrays: dict[str, object] = {
        "source": take.source,
        "fps": np.float64(take.fps),
        "times": np.asarray(take.times, np.float64),
        "size": np.asarray(take.size, np.int32),
        "body_image": np.asarray(take.body_image, np.float32),
        "body_world": np.asarray(take.body_world, np.float32),
        "body_visibility": np.asarray(take.body_visibility, np.float32),
        "body_confidence": np.asarray(take.body_confidence, np.float32),
    }
    for side, hand in (("left", take.left), ("right", take.right)):
        arrays[f"{side}_hand_image"] = np.asarray(hand.image, np.float32)
        arrays[f"{side}_hand_world"] = np.asarray(hand.world, np.float32)
        arrays[f"{side}_hand_score"] = np.asarray(hand.score, np.float32)
    if take.face is not None:
        arrays["face_image"] = np.asarray(take.face.image, np.float32)
        arrays["face_score"] = np.asarray(take.face.score, np.float32)
    if take.focal is not None:
        arrays["focal"] = np.float64(take.focal)
    write_arrays(arrays, Path(path), _KIND)


def kept_beside(path: Path) -> Path:
    """Where what has been seen so far is kept, as a take, until the take at `path` is whole."""
    return path.with_suffix(f".kept{path.suffix}")


def load_take(path: str | os.PathLike[str]) -> Take:
    """Read a take, whatever its arrays beyond those of this version.

    Raises:
        BlazeRigError: The file is missing, is no take, or comes from a later version.
    """
    path = Path(path)
    arrays = read_arrays(path, _KIND)
    if int(arrays["version"]) == 1 and "body_visibility" in arrays:
        arrays["body_confidence"] = arrays["body_visibility"]  # all that version 1 knew
    optional = [part for part in (_FACE_LAYOUT, _FOCAL_LAYOUT) if arrays.keys() & part.keys()]
    layout = {name: what for part in (_LAYOUT, *optional) for name, what in part.items()}
    check_layout(arrays, layout, path, _KIND)

    def hand(side: str) -> Hand:
        return Hand(arrays[f"{side}_hand_image"], arrays[f"{side}_hand_world"], arrays[f"{side}_hand_score"])

    return Take(
        source=str(arrays["source"]),
        fps=float(arrays["fps"]),
        times=arrays["times"],
        size=arrays["size"],
        body_image=arrays["body_image"],
        body_world=arrays["body_world"],
        body_visibility=arrays["body_visibility"],
        body_confidence=arrays["body_confidence"],
        left=hand("left"),
        right=hand("right"),
        face=Face(arrays["face_image"], arrays["face_score"]) if "face_image" in arrays else None,
        focal=float(arrays["focal"]) if "focal" in arrays else None,
    )
