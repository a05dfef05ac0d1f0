"""Which nets are installed: those that come with BlazeRig, and pose nets that the user added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import BlazeRigError
from ..output import written_whole
from .body import PoseNet
from .detector import PoseDetector
from .person import person
from .sessions import WEIGHTS, Net, added_nets, ort_errors

POSE_NETS = {"lite": "pose_landmarks_lite", "full": "pose_landmarks", "heavy": "pose_landmarks_heavy"}
"""The name of the net by the name of MediaPipe's model."""
# Of the region's side: lite, full and heavy differ by far less.
_AGREEMENT = 0.1


@dataclass(frozen=True)
class Installed:
    """A net that is there: its file, and whether the user added it."""

    path: Path
    added: bool


def installed() -> Iterator[Installed]:
    """All nets, those that come with BlazeRig first."""
    for folder, added in ((WEIGHTS, False), (added_nets(), True)):
        yield from (Installed(path, added) for path in sorted(folder.glob("*.onnx")))


def pose_net(model: str) -> str:
    """The name of the net that is MediaPipe's lite, full or heavy pose model.

    Raises:
        BlazeRigError: There is no such model, or it was not added yet.
    """
    if model not in POSE_NETS:
        raise BlazeRigError(f"unknown model '{model}'; there are: {', '.join(POSE_NETS)}")
    if model != "full" and POSE_NETS[model] not in (net.path.stem for net in installed()):
        raise BlazeRigError(
            f"the {model} pose model is not here; download pose_landmarker_{model}.task from MediaPipe's "
            f"page of models and run: blazerig models add pose_landmarker_{model}.task"
        )
    return POSE_NETS[model]


def add_pose_net(model: str, data: bytes) -> Path:
    """Put an ONNX file where it is looked for, unless it does not see what the full model sees.

    Raises:
        BlazeRigError: It cannot be written, or it does not see the person in a picture of one.
    """
    path = added_nets() / f"{POSE_NETS[model]}.onnx"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BlazeRigError(
            f"cannot make {path.parent}: {error.strerror}; choose another place with BLAZERIG_DATA"
        ) from error
    with written_whole(path) as unfinished:
        unfinished.write_bytes(data)
        if not _sees_the_person(unfinished.stem):
            raise BlazeRigError(
                f"the {model} pose model in this file does not see a person where the full one does; it was "
                "not added: download it again"
            )
    return path


def _sees_the_person(name: str) -> bool:
    picture = person()
    roi = PoseDetector(Net("pose_detector"))(picture)[0].roi
    (known,) = PoseNet(Net(POSE_NETS["full"]))([picture], [roi])
    try:
        (seen,) = PoseNet(Net(name))([picture], [roi])
    except (BlazeRigError, *ort_errors()):  # a graph that ONNX Runtime cannot load, or cannot run
        return False
    if known is None or seen is None or not 0.0 <= seen.score <= 1.0:
        return False
    apart = np.linalg.norm((seen.body.image - known.body.image)[:, :2], axis=1)
    return bool(np.median(apart) < _AGREEMENT * roi.size)
