"""A picture of a person, on which nets and providers are tried."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from ..errors import BlazeRigError
from .roi import Picture

PICTURE = Path(__file__).with_name("person.jpg")


def person() -> Picture:
    """With both hands and the face in sight, BGR: a frame of the project's sample.

    Raises:
        BlazeRigError: It is missing or damaged.
    """
    data = np.fromfile(PICTURE, np.uint8) if PICTURE.is_file() else np.zeros(0, np.uint8)
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    if picture is None:
        raise BlazeRigError(f"{PICTURE} is missing or damaged; install BlazeRig again")
    return np.asarray(picture, np.uint8)
