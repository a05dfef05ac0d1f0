"""What was seen frame by frame, put together to a take."""

from __future__ import annotations

import numpy as np

from ..take import Face, Floats, Hand, Take
from .confidence import confidence
from .hands import SIDES, WRISTS, SeenHand
from .holistic import Performer

_BODY = 33
_HAND = 21
_FACE = 478
_FIRST_ROOM = 64


class Recording:
    """One performer over frames in the order of time. It holds the landmarks once, and nothing else.

    Another thread may ask for a take of it at any time: frames that are complete do not change any more.
    """

    def __init__(self, *, face: bool) -> None:
        """Of the body and both hands, and the face where it is looked for."""
        self._times: list[float] = []
        self._image = _Column(_BODY, 3)
        self._world = _Column(_BODY, 3)
        self._visibility = _Column(_BODY)
        self._presence = _Column(_BODY)
        self._peak = _Column(_BODY)
        self._hands = {side: (_Column(_HAND, 3), _Column(_HAND, 3), _Column()) for side in SIDES}
        self._face = (_Column(_FACE, 3), _Column()) if face else None
        self._complete = 0
        self.seen = False

    def __len__(self) -> int:
        return self._complete

    def add(self, time: float, performer: Performer | None, *, smooth: bool = False) -> None:
        """What was seen at `time` s; `smooth` takes the filtered body."""
        self._times.append(time)
        self.seen |= performer is not None
        body = performer and (performer.smooth if smooth else performer.body)
        self._image.add(body and body.image)
        self._world.add(body and body.world)
        self._visibility.add(body and body.visibility)
        self._presence.add(body and body.presence)
        self._peak.add(body and body.peak)
        for side, hand in (("left", performer and performer.left), ("right", performer and performer.right)):
            self._add_hand(side, hand, body and body.world[WRISTS[side]])
        if self._face is not None:
            face = performer and performer.face
            self._face[0].add(face and face.image)
            self._face[1].add(face and np.array(face.score))
        self._complete += 1

    def _add_hand(self, side: str, hand: SeenHand | None, wrist: Floats | None) -> None:
        """A hand, in metres put on the body's wrist.

        `util/align_hand_to_pose_in_world_calculator.cc`.
        """
        image, world, score = self._hands[side]
        image.add(hand and hand.image)
        world.add(hand.world + wrist if hand is not None and wrist is not None else None)
        score.add(hand and np.array(hand.score))

    def take(self, source: str, fps: float, size: tuple[int, int], focal: float | None) -> Take:
        """All that was seen."""
        count = self._complete
        image, visibility = self._image.rows(count), self._visibility.rows(count)
        presence, peak = self._presence.rows(count), self._peak.rows(count)
        return Take(
            source=source,
            fps=fps,
            times=np.array(self._times[:count]),
            size=np.array(size),
            body_image=image,
            body_world=self._world.rows(count),
            body_visibility=visibility,
            body_confidence=confidence(image, visibility, presence, peak, size),
            left=Hand(*(column.rows(count) for column in self._hands["left"])),
            right=Hand(*(column.rows(count) for column in self._hands["right"])),
            face=Face(*(column.rows(count) for column in self._face)) if self._face else None,
            focal=focal,
        )


class _Column:
    """A part over the frames, NaN where there is nothing; room for more is made by doubling."""

    def __init__(self, *shape: int) -> None:
        self._room = np.empty((_FIRST_ROOM, *shape), np.float32)
        self._count = 0

    def rows(self, count: int) -> Floats:
        """The first ones. Shape (count, *shape)."""
        return self._room[:count]

    def add(self, value: Floats | None) -> None:
        if self._count == len(self._room):
            larger = np.empty((2 * self._count, *self._room.shape[1:]), np.float32)
            larger[: self._count] = self._room
            self._room = larger
        self._room[self._count] = np.nan if value is None else value
        self._count += 1
