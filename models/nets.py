"""The nets that one tracking needs, loaded together."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import BlazeRigError
from .body import PoseNet
from .detector import PoseDetector
from .face import FaceFinder, FaceNet
from .hands import HandFinder, HandNet
from .installed import pose_net
from .sessions import Net, Processor


@dataclass(frozen=True)
class Wanted:
    """What is looked for, and how.

    Attributes:
        hands: Look for the hands.
        face: Look for the face.
        model: MediaPipe's `lite`, `full` or `heavy` model of the body.
        heatmap_kernel: Side of the window of the heat-map refinement: 7 as in MediaPipe's graph, or 9 as
            its legacy Python API behaves.
    """

    hands: bool = True
    face: bool = False
    model: str = "full"
    heatmap_kernel: int = 7

    def __post_init__(self) -> None:
        if self.heatmap_kernel < 1 or self.heatmap_kernel % 2 == 0:
            raise BlazeRigError(
                f"the heat-map kernel must be an odd number of cells, 7 say, not {self.heatmap_kernel}"
            )


@dataclass(frozen=True)
class HandNets:
    """What finds a hand near a wrist, and what sees its landmarks."""

    finder: HandFinder
    net: HandNet


@dataclass(frozen=True)
class FaceNets:
    """What finds a face on a head, and what sees its landmarks."""

    finder: FaceFinder
    net: FaceNet


@dataclass(frozen=True)
class Nets:
    """The nets at work; what is not looked for has none."""

    detector: PoseDetector
    pose: PoseNet
    hands: HandNets | None
    face: FaceNets | None


def load_nets(
    processor: Processor,
    wanted: Wanted,
    *,
    threads: int = 0,
    hand_threads: int | None = None,
    exact: bool = True,
) -> Nets:
    """Load what is `wanted`; on the CPU `threads` work at each call, 0 for one per core.

    At each call for hands `hand_threads` do, where that is given. `exact` crops are the reference's to the
    last bit.

    Raises:
        BlazeRigError: A net is missing.
    """
    per_hand = threads if hand_threads is None else hand_threads

    def net(name: str, threads: int = threads) -> Net:
        return Net(name, processor, threads=threads)

    return Nets(
        PoseDetector(net("pose_detector")),
        PoseNet(net(pose_net(wanted.model)), wanted.heatmap_kernel, exact=exact),
        HandNets(
            HandFinder(net("hand_recrop", per_hand), exact=exact),
            HandNet(net("hand_landmarks", per_hand), exact=exact),
        )
        if wanted.hands
        else None,
        FaceNets(
            FaceFinder(net("face_detector"), exact=exact),
            FaceNet(net("face_landmarks_attention"), exact=exact),
        )
        if wanted.face
        else None,
    )
