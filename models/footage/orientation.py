"""Pictures turned upright, as the display matrix of their file asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from av.sidedata.sidedata import SideDataContainer, Type
from av.video.frame import VideoFrame

from ..roi import Picture


@dataclass(frozen=True)
class Orientation:
    """One of the eight ways to lay a picture: rows and columns swapped first, then flipped."""

    transposed: bool = False
    mirrored: bool = False
    upside_down: bool = False

    @classmethod
    def of(cls, frame: VideoFrame) -> Orientation:
        """How `frame` asks to be laid."""
        data = cast(SideDataContainer, frame.side_data)
        if Type.DISPLAYMATRIX not in data:
            return cls()
        return cls.from_matrix(np.frombuffer(bytes(data[Type.DISPLAYMATRIX]), np.int32).tolist())

    @classmethod
    def from_matrix(cls, matrix: Sequence[int]) -> Orientation:
        """What is nearest to a display matrix.

        Args:
            matrix: The 3 x 3 numbers of ISO/IEC 14496-12 (`tkhd`), row by row: the point (p, q) is shown at
                (a p + c q, b p + d q), where a, b are the first two of the first row, c, d of the second.
        """
        a, b, _, c, d, *_ = matrix
        if abs(b) + abs(c) > abs(a) + abs(d):
            return cls(transposed=True, mirrored=c < 0, upside_down=b < 0)
        return cls(mirrored=a < 0, upside_down=d < 0)

    def __call__(self, picture: Picture) -> Picture:
        """`picture` laid upright."""
        if self.transposed:
            picture = np.asarray(cv2.transpose(picture), np.uint8)
        if not (self.mirrored or self.upside_down):
            return picture
        axes = -1 if self.mirrored and self.upside_down else int(self.mirrored)
        return np.asarray(cv2.flip(picture, axes), np.uint8)
