"""What was seen frame by frame, put together to a take."""

from __future__ import annotations

import numpy as np

from ..rows import Rows
from ..take import Face, Floats, Hand, Take
from .confidence import confidence
from .hands import SIDES, WRISTS, SeenHand
from .holistic import Performer

_BODY = 33
_HAND = 21
_FACE = 478


class Recording:
    """One performer over frames in the order of time. It holds the landmarks once, and nothing else.

    Another thread may ask for a take of it at any time: frames that are complete do not change any more.
    """

    def __init__(self, *, face: bool) -> None:
        """Of the body and both hands, and the face where it is looked for."""
        self._times: list[float] = []
        self._image = Rows(_BODY, 3)
        self._world = Rows(_BODY, 3)
        self._visibility = Rows(_BODY)
        self._presence = Rows(_BODY)
        self._peak = Rows(_BODY)
        self._hands = {side: (Rows(_HAND, 3), Rows(_HAND, 3), Rows()) for side in SIDES}
        self._face = (Rows(_FACE, 3), Rows()) if face else None
        self._complete = 0
        self.seen = False

    def __len__(self) -> int:
        return self._complete

    def add(self, time: float, performer: Performer | None, *, smooth: bool = False) -> None:
        """What was seen at `time` s; `smooth` takes the filtered body."""
        self._times.append(time)
        self.seen |= performer is not None
        body = performer and (performer.smooth if smooth else performer.body)
        self._image.add(np.nan if body is None else body.image)
        self._world.add(np.nan if body is None else body.world)
        self._visibility.add(np.nan if body is None else body.visibility)
        self._presence.add(np.nan if body is None else body.presence)
        self._peak.add(np.nan if body is None else body.peak)
        for side, hand in (("left", performer and performer.left), ("right", performer and performer.right)):
            self._add_hand(side, hand, body and body.world[WRISTS[side]])
        if self._face is not None:
            face = performer and performer.face
            self._face[0].add(np.nan if face is None else face.image)
            self._face[1].add(np.nan if face is None else face.score)
        self._complete += 1

    def _add_hand(self, side: str, hand: SeenHand | None, wrist: Floats | None) -> None:
        """A hand, in metres put on the body's wrist.

        `util/align_hand_to_pose_in_world_calculator.cc`.
        """
        image, world, score = self._hands[side]
        image.add(np.nan if hand is None else hand.image)
        world.add(np.nan if hand is None or wrist is None else hand.world + wrist)
        score.add(np.nan if hand is None else hand.score)

    def take(self, source: str, fps: float, size: tuple[int, int], focal: float | None) -> Take:
        """All that was seen."""
        count = self._complete
        image, visibility = self._image.first(count), self._visibility.first(count)
        presence, peak = self._presence.first(count), self._peak.first(count)
        return Take(
            source=source,
            fps=fps,
            times=np.array(self._times[:count]),
            size=np.array(size),
            body_image=image,
            body_world=self._world.first(count),
            body_visibility=visibility,
            body_confidence=confidence(image, visibility, presence, peak, size),
            left=Hand(*(column.first(count) for column in self._hands["left"])),
            right=Hand(*(column.first(count) for column in self._hands["right"])),
            face=Face(*(column.first(count) for column in self._face)) if self._face else None,
            focal=focal,
        )
