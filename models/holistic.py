"""One performer, body, hands and face, frame by frame: detect, follow, look closer. The live clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass

from .body import Body, BodyTracker, Choice, TrackedBody
from .detector import Candidate
from .face import FaceTracker, SeenFace
from .hands import Hands, HandTracker, SeenHand
from .nets import Nets
from .roi import Picture
from .video import Frame


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
        return _performer(body, self._look_at_hands(picture, body), self._look_at_face(picture, body))

    def follow(self, frames: Iterable[Frame], pool: Executor) -> Iterator[tuple[Frame, Performer | None]]:
        """The performer in each frame, as `step` sees it, one frame late.

        While hands and face of a frame are looked at in the pool's threads, the body of the next one is.
        """
        late: tuple[Frame, TrackedBody | None, Future[Hands], Future[SeenFace | None]] | None = None
        for frame in frames:
            body = self._body.step(frame.picture, frame.time)
            if late is not None:
                yield late[0], _performer(late[1], late[2].result(), late[3].result())
            hands = pool.submit(self._look_at_hands, frame.picture, body)
            face = pool.submit(self._look_at_face, frame.picture, body)
            late = frame, body, hands, face
        if late is not None:
            yield late[0], _performer(late[1], late[2].result(), late[3].result())

    def _look_at_hands(self, picture: Picture, body: TrackedBody | None) -> Hands:
        if self._hands is None:
            return {}
        if body is None:
            self._hands.lose()
            return {}
        return self._hands.step(picture, body.smooth)

    def _look_at_face(self, picture: Picture, body: TrackedBody | None) -> SeenFace | None:
        if self._face is None:
            return None
        if body is None:
            self._face.lose()
            return None
        return self._face.step(picture, body.smooth)


def _performer(body: TrackedBody | None, hands: Hands, face: SeenFace | None) -> Performer | None:
    if body is None:
        return None
    return Performer(body.raw, body.smooth, hands.get("left"), hands.get("right"), face)
