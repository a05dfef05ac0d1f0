"""One performer, body, hands and face, frame by frame: detect, follow, look closer. The live clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .body import Body, BodyTracker, Choice
from .detector import Candidate
from .face import FaceTracker, SeenFace
from .hands import HandTracker, SeenHand
from .nets import Nets
from .roi import Picture


@dataclass(frozen=True)
class Performer:
    """What was seen of the performer in one frame; hands and face are None where they were not found.

    `smooth` is the body as the filters left it; `body` is what the net saw.
    """

    body: Body
    smooth: Body
    left: SeenHand | None = None
    right: SeenHand | None = None
    face: SeenFace | None = None


def surest(candidates: Sequence[Candidate], _: Picture) -> Candidate:
    """The one whom the detector is most sure of, whom MediaPipe follows."""
    return candidates[0]


class HolisticTracker:
    """Follows one performer through frames in the order of time. It holds no picture between them.

    Among several people it follows the one whom `choice` picks.
    """

    def __init__(self, nets: Nets, choice: Choice = surest) -> None:
        self._body = BodyTracker(nets.detector, nets.pose, choice)
        self._hands = HandTracker(nets.hands.finder, nets.hands.net) if nets.hands else None
        self._face = FaceTracker(nets.face.finder, nets.face.net) if nets.face else None

    def step(self, picture: Picture, time: float) -> Performer | None:
        """The performer in the next frame, a BGR picture seen at `time` s; None if nobody is there."""
        body = self._body.step(picture, time)
        if body is None:
            for tracker in (self._hands, self._face):
                if tracker is not None:
                    tracker.lose()
            return None
        hands = self._hands.step(picture, body.smooth) if self._hands is not None else {}
        face = self._face.step(picture, body.smooth) if self._face is not None else None
        return Performer(body.raw, body.smooth, hands.get("left"), hands.get("right"), face)
