"""What was seen frame by frame, put together to a take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..take import Face, Floats, Hand, Take
from .body import Body
from .confidence import confidence
from .face import SeenFace
from .hands import WRISTS, SeenHand
from .holistic import Performer

_BODY = 33
_HAND = 21
_FACE = 478


@dataclass(frozen=True)
class Row:
    """What is kept of one frame: the time in seconds, and the parts that were found."""

    time: float
    body: Body | None = None
    left: SeenHand | None = None
    right: SeenHand | None = None
    face: SeenFace | None = None


def row_of(time: float, performer: Performer | None, *, smooth: bool = False) -> Row:
    """A row of what was seen at `time` s; `smooth` takes the filtered body."""
    if performer is None:
        return Row(time)
    body = performer.smooth if smooth else performer.body
    return Row(time, body, performer.left, performer.right, performer.face)


def take_of(rows: Sequence[Row], source: str, fps: float, size: tuple[int, int], *, face: bool) -> Take:
    """The take of rows in the order of time; `face` says whether faces were looked for."""
    bodies = [row.body for row in rows]
    image = _stack([body and body.image for body in bodies], (_BODY, 3))
    visibility = _stack([body and body.visibility for body in bodies], (_BODY,))
    presence = _stack([body and body.presence for body in bodies], (_BODY,))
    peak = _stack([body and body.peak for body in bodies], (_BODY,))
    return Take(
        source=source,
        fps=fps,
        times=np.array([row.time for row in rows]),
        size=np.array(size),
        body_image=image,
        body_world=_stack([body and body.world for body in bodies], (_BODY, 3)),
        body_visibility=visibility,
        body_confidence=confidence(image, visibility, presence, peak, size),
        left=_hand([row.left for row in rows], bodies, WRISTS["left"]),
        right=_hand([row.right for row in rows], bodies, WRISTS["right"]),
        face=_face([row.face for row in rows]) if face else None,
    )


def _hand(hands: list[SeenHand | None], bodies: list[Body | None], wrist: int) -> Hand:
    """A hand over the clip, in metres put on the body's wrist.

    `util/align_hand_to_pose_in_world_calculator.cc`.
    """
    world = [
        hand.world + body.world[wrist] if hand is not None and body is not None else None
        for hand, body in zip(hands, bodies, strict=True)
    ]
    return Hand(
        image=_stack([hand and hand.image for hand in hands], (_HAND, 3)),
        world=_stack(world, (_HAND, 3)),
        score=_stack([hand and np.array(hand.score) for hand in hands], ()),
    )


def _face(faces: list[SeenFace | None]) -> Face:
    return Face(
        image=_stack([face and face.image for face in faces], (_FACE, 3)),
        score=_stack([face and np.array(face.score) for face in faces], ()),
    )


def _stack(values: list[Floats | None], shape: tuple[int, ...]) -> Floats:
    """One array over the frames, NaN where there is nothing. Shape (F, *shape)."""
    stacked = np.full((len(values), *shape), np.nan, np.float32)
    for row, value in enumerate(values):
        if value is not None:
            stacked[row] = value
    return stacked
