"""What the live worker tells Blender through a pipe: poses, small pictures, and notes in JSON.

A message is a byte for its kind, the length of what follows, and that. It is read whole or not at all; the
end of the pipe ends the reading, also in the middle of a message. Both ends are the same version of this
package, so the format has no version.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from ..errors import BlazeRigError
from ..solver.face.face_motion import FaceMotion
from ..solver.live_pose import LivePose
from ..take import Floats
from .face_outline import OUTLINE

HEAD = struct.Struct("<cI")
POSE, PICTURE, NOTE = b"P", b"V", b"N"
PICTURE_HEAD = struct.Struct("<QHH")
RECORD = np.dtype(
    [
        ("number", "<u8"),
        ("captured", "<f8"),
        ("sent", "<f8"),
        ("seen", "?"),
        ("rotations", "<f4", (52, 4)),
        ("hips", "<f4", (3,)),
        ("rest", "<f4", (52, 3)),
        ("trust", "<f4", (33,)),
        ("landmarks", "<f4", (33, 3)),
        ("contacts", "<f4", (4,)),
        ("body", "<f4", (33, 2)),
        ("left", "<f4", (21, 2)),
        ("right", "<f4", (21, 2)),
        ("faced", "?"),
        ("weights", "<f4", (52,)),
        ("head", "<f4", (4,)),
        ("place", "<f4", (3,)),
        ("gaze", "<f4", (2, 2)),
        ("face_trust", "<f4"),
        ("outline", "<f4", (len(OUTLINE), 2)),
    ]
)
_POSE = ("rotations", "hips", "rest", "trust", "landmarks", "contacts")
_FACE = ("weights", "head", "place", "gaze")
"""Fields of `RECORD` that are those of `LivePose` and `FaceMotion`, in their order."""


@dataclass(frozen=True)
class Seen:
    """A pose that came through the pipe, with what is drawn over the camera's picture.

    Attributes:
        number: Of the frame, as the camera counts them.
        captured: When the frame was captured, and
        sent: when the pose was sent; seconds on the clock `time.perf_counter`.
        pose: Of the performer, unmirrored. Its `time` is `captured`.
        seen: Whether somebody was in the frame.
        body: Landmarks in the picture, in shares of its width and height; NaN where nobody was seen.
            Shape (33, 2).
        left: Likewise, of the left hand. Shape (21, 2).
        right: And of the right hand. Shape (21, 2).
        face: What the face does, as a motion of this one frame, unmirrored; None where none is looked for.
        outline: Landmarks of the face in the picture, like `body`: those of `face_outline.OUTLINE`.
            Shape (36, 2).
    """

    number: int
    captured: float
    sent: float
    pose: LivePose
    seen: bool
    body: Floats
    left: Floats
    right: Floats
    face: FaceMotion | None = None
    outline: Floats = field(default_factory=lambda: np.full((len(OUTLINE), 2), np.nan))


@dataclass(frozen=True)
class Picture:
    """A small picture of what the camera saw.

    Attributes:
        number: Of its frame.
        pixels: RGB, from the top. Shape (height, width, 3), bytes.
    """

    number: int
    pixels: NDArray[np.uint8]


Message = Seen | Picture | dict[str, Any]


def pose_message(seen: Seen) -> bytes:
    """A pose as it goes through the pipe."""
    record = np.zeros((), RECORD)
    for name in ("number", "captured", "sent", "seen", "body", "left", "right", "outline"):
        record[name] = getattr(seen, name)
    for name in _POSE:
        record[name] = getattr(seen.pose, name)
    record["faced"] = seen.face is not None
    if seen.face is not None:
        for name in _FACE:
            record[name] = getattr(seen.face, name)[0]
        record["face_trust"] = seen.face.trust[0]
    return _message(POSE, record.tobytes())


def picture_message(picture: Picture) -> bytes:
    """A picture as it goes through the pipe."""
    height, width, _ = picture.pixels.shape
    head = PICTURE_HEAD.pack(picture.number, width, height)
    return _message(PICTURE, head + np.ascontiguousarray(picture.pixels).tobytes())


def note_message(note: Mapping[str, Any]) -> bytes:
    """A note as it goes through the pipe."""
    return _message(NOTE, json.dumps(note).encode())


def messages(pipe: BinaryIO) -> Iterator[Message]:
    """What comes through a pipe, until its end.

    Raises:
        BlazeRigError: Something else than our messages comes.
    """
    while (head := _exactly(pipe, HEAD.size)) is not None:
        kind, length = HEAD.unpack(head)
        body = _exactly(pipe, length) if kind in (POSE, PICTURE, NOTE) else b""
        if body is None:
            return
        yield _read(kind, body)


def _read(kind: bytes, body: bytes) -> Message:
    if kind == NOTE:
        return json.loads(body)
    if kind == PICTURE:
        number, width, height = PICTURE_HEAD.unpack_from(body)
        return Picture(
            number, np.frombuffer(body, np.uint8, offset=PICTURE_HEAD.size).reshape(height, width, 3)
        )
    if kind == POSE and len(body) == RECORD.itemsize:
        return _seen(np.frombuffer(body, RECORD)[0])
    raise BlazeRigError("the live worker said something that is no message; start it again")


def _seen(record: np.void) -> Seen:
    captured = float(record["captured"])
    pose = LivePose(captured, *(record[name].astype(float) for name in _POSE))
    return Seen(
        int(record["number"]),
        captured,
        float(record["sent"]),
        pose,
        bool(record["seen"]),
        *(record[name].astype(float) for name in ("body", "left", "right")),
        face=_face(record) if record["faced"] else None,
        outline=record["outline"].astype(float),
    )


def _face(record: np.void) -> FaceMotion:
    weights, head, place, gaze = (record[name].astype(float)[None] for name in _FACE)
    captured, trust = (np.array([record[name]], float) for name in ("captured", "face_trust"))
    return FaceMotion(captured, weights, head, place, gaze, trust)


def _message(kind: bytes, body: bytes) -> bytes:
    return HEAD.pack(kind, len(body)) + body


def _exactly(pipe: BinaryIO, count: int) -> bytes | None:
    """So many bytes; None at the end."""
    read = pipe.read(count)
    return read if len(read) == count else None
