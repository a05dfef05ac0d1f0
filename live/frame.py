"""What one frame of a live session came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..models.holistic import Performer
from ..models.video import Frame
from ..solver.face.face_motion import FaceMotion
from ..solver.live_pose import LivePose
from ..take import Take


@dataclass(frozen=True)
class LiveFrame:
    """A frame of the camera with all that was made of it.

    Attributes:
        frame: As captured; `time` on the clock `time.perf_counter`.
        performer: What the nets saw; None where nobody was there.
        seen: The same as a take of one frame.
        pose: The humanoid, unmirrored.
        stages: Milliseconds that each stage took, in their order: `wait` from capture until it was
            fetched, `body`, `hands`, `face`, `solve`, `expression` for what the face comes to.
        elsewhere: Whether another program saw the performer, and sent the pose.
        face: The face as a motion of this one frame, unmirrored; None where none is looked for.
    """

    frame: Frame
    performer: Performer | None
    seen: Take
    pose: LivePose
    stages: Mapping[str, float]
    elsewhere: bool = False
    face: FaceMotion | None = None
