"""One performer, body and hands, frame by frame: detect, follow, look closer."""

from __future__ import annotations

from dataclasses import dataclass

from .body import Body, BodyTracker, PoseNet
from .detector import PoseDetector
from .hands import HandFinder, HandNet, HandTracker, SeenHand
from .roi import Picture
from .sessions import Net, Processor


@dataclass(frozen=True)
class Performer:
    """What was seen of the performer in one frame; a hand is None where it was not found.

    `smooth` is the body as the filters left it; `body` is what the net saw.
    """

    body: Body
    smooth: Body
    left: SeenHand | None
    right: SeenHand | None


class HolisticTracker:
    """Follows one performer through frames in the order of time. It holds no picture between them.

    The heat-map kernel is 7 in MediaPipe's graph; its legacy Python API behaves like 9.
    """

    def __init__(
        self, provider: str | Processor = "cpu", *, heatmap_kernel: int = 7, hands: bool = True
    ) -> None:
        self._body = BodyTracker(
            PoseDetector(Net("pose_detector", provider)),
            PoseNet(Net("pose_landmarks", provider), heatmap_kernel),
        )
        self._hands = (
            HandTracker(HandFinder(Net("hand_recrop", provider)), HandNet(Net("hand_landmarks", provider)))
            if hands
            else None
        )

    def step(self, picture: Picture, time: float) -> Performer | None:
        """The performer in the next frame, a BGR picture seen at `time` s; None if nobody is there."""
        body = self._body.step(picture, time)
        if body is None:
            if self._hands is not None:
                self._hands.lose()
            return None
        hands = self._hands.step(picture, body.smooth) if self._hands is not None else {}
        return Performer(body.raw, body.smooth, hands.get("left"), hands.get("right"))
