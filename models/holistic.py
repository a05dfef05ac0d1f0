"""One performer, body, hands and face, frame by frame: detect, follow, look closer. The live clock."""

from __future__ import annotations

import time as clock
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from .body import Body, BodyTracker, Choice, TrackedBody
from .detector import Candidate
from .face import FaceTracker, SeenFace
from .hands import SIDES, Hands, HandTracker, SeenHand
from .nets import Nets
from .roi import Picture
from .video import Frame

P = ParamSpec("P")
T = TypeVar("T")


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

    Attributes:
        spent: Seconds that the last `step` took for `body`, `hands` and `face`, of what is looked for; for a
            face that is seen side by side with the hands what it took longer than they.
    """

    def __init__(self, nets: Nets, choice: Choice = surest, *, apart: bool = False) -> None:
        """With `nets`; hands that are looked at `apart` can have a core each, together they are one batch."""
        self._body = BodyTracker(nets.detector, nets.pose, choice)
        groups = [(side,) for side in SIDES] if apart else [SIDES]
        self._hands = (
            [HandTracker(nets.hands.finder, nets.hands.net, sides) for sides in groups] if nets.hands else []
        )
        self._face = FaceTracker(nets.face.finder, nets.face.net) if nets.face else None
        self.spent: dict[str, float] = {}

    def step(self, picture: Picture, time: float, pool: Executor | None = None) -> Performer | None:
        """The performer in the next frame, a BGR picture seen at `time` s; None if nobody is there.

        With a `pool`, hands and face are looked at in its threads at the same time.
        """
        began = clock.perf_counter()
        body = self._body.step(picture, time)
        found = clock.perf_counter()
        look = pool.submit if pool else _at_once
        hands = [look(_look_at_hands, tracker, picture, body) for tracker in self._hands]
        face = look(self._look_at_face, picture, body)
        both = [hand.result() for hand in hands]
        held = clock.perf_counter()
        performer = _performer(body, both, face.result())
        self.spent = {"body": found - began}
        if self._hands:
            self.spent["hands"] = held - found
        if self._face:
            self.spent["face"] = clock.perf_counter() - held
        return performer

    def follow(self, frames: Iterable[Frame], pool: Executor) -> Iterator[tuple[Frame, Performer | None]]:
        """The performer in each frame, as `step` sees it, one frame late.

        While hands and face of a frame are looked at in the pool's threads, the body of the next one is.
        """
        late: _Late | None = None
        for frame in frames:
            body = self._body.step(frame.picture, frame.time)
            if late is not None:
                yield late.seen()
            hands = [pool.submit(_look_at_hands, tracker, frame.picture, body) for tracker in self._hands]
            late = _Late(frame, body, hands, pool.submit(self._look_at_face, frame.picture, body))
        if late is not None:
            yield late.seen()

    def _look_at_face(self, picture: Picture, body: TrackedBody | None) -> SeenFace | None:
        if self._face is None:
            return None
        if body is None:
            self._face.lose()
            return None
        return self._face.step(picture, body.smooth)


@dataclass(frozen=True)
class _Late:
    """A frame whose hands and face are being looked at."""

    frame: Frame
    body: TrackedBody | None
    hands: list[Future[Hands]]
    face: Future[SeenFace | None]

    def seen(self) -> tuple[Frame, Performer | None]:
        """What was seen, once it was."""
        hands = [future.result() for future in self.hands]
        return self.frame, _performer(self.body, hands, self.face.result())


def _at_once(work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> Future[T]:
    """Like `Executor.submit`, but here and now."""
    done: Future[T] = Future()
    done.set_result(work(*arguments, **named))
    return done


def _look_at_hands(tracker: HandTracker, picture: Picture, body: TrackedBody | None) -> Hands:
    if body is None:
        tracker.lose()
        return {}
    return tracker.step(picture, body.smooth)


def _performer(body: TrackedBody | None, hands: Sequence[Hands], face: SeenFace | None) -> Performer | None:
    if body is None:
        return None
    both = {side: hand for some in hands for side, hand in some.items()}
    return Performer(body.raw, body.smooth, both.get("left"), both.get("right"), face)
