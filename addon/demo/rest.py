"""What the parts of the mannequin's body share: the bones they are fitted to, their paints, soft blends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .solid import Floats

BODY, JOINT, LEFT, RIGHT = range(4)  # the materials


@dataclass(frozen=True)
class Bone:
    """A bone at rest, in the armature's space. Shape (3,) each."""

    head: Floats
    tail: Floats


Rest = Mapping[str, Bone]


def smoothstep(value: Floats) -> Floats:
    """0 up to 0, 1 from 1 on, smooth in between."""
    clipped = np.clip(value, 0.0, 1.0)
    return clipped * clipped * (3.0 - 2.0 * clipped)
