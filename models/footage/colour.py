"""Decoded frames turned into BGR pictures as a screen would show them.

Standard footage is read with the matrix of BT.601 whatever it says, as OpenCV does, so that the nets see what
MediaPipe's see; `docs/decisions/0010-footage-through-pyav.md` says what that costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, Interpolation
from numpy.typing import NDArray

from ..roi import Picture

_BT2020 = 9
"""libswscale's number of the matrix, which PyAV does not name."""
_WHITE = 203.0
"""Luminance of paper in HDR footage, cd/m² (ITU-R BT.2408)."""
_HLG_WHITE = 0.75
"""Signal of paper in hybrid log-gamma (ITU-R BT.2408)."""
_DISPLAY_GAMMA = 2.4
"""Of a screen for standard footage (ITU-R BT.1886)."""
_SYSTEM_GAMMA = 1.2
"""From scene to screen in hybrid log-gamma (ITU-R BT.2100)."""


class Transfer(Enum):
    """How a signal stands for light, with FFmpeg's number; all but the two of HDR are shown as they are."""

    STANDARD = 0
    PQ = 16
    HLG = 18

    @classmethod
    def of(cls, number: int) -> Transfer:
        """The transfer that FFmpeg calls `number`."""
        return cls(number) if number in (cls.PQ.value, cls.HLG.value) else cls.STANDARD


@dataclass(frozen=True)
class Converter:
    """Makes BGR pictures of one size.

    Attributes:
        width: Of the pictures, px.
        height: Of the pictures, px.
        transfer: That of the footage.
    """

    width: int
    height: int
    transfer: Transfer

    def __call__(self, frame: VideoFrame) -> Picture:
        """The picture of `frame`, scaled where it is of another size."""
        matrix = Colorspace.ITU601 if self.transfer is Transfer.STANDARD else _BT2020
        picture = frame.to_ndarray(
            format="bgr24",
            width=self.width,
            height=self.height,
            interpolation=Interpolation.BICUBIC,
            src_colorspace=matrix,
            dst_colorspace=Colorspace.ITU601,
            src_color_range=frame.color_range,
        ).astype(np.uint8, copy=False)
        if self.transfer is Transfer.STANDARD:
            return picture
        return np.asarray(cv2.LUT(picture, _STANDARD_OF[self.transfer]), np.uint8)


def _standard_of(relative: NDArray[np.float64]) -> Picture:
    """Light relative to that of paper to the signal of standard footage; what is brighter is cut off."""
    return np.rint(255.0 * np.clip(relative, 0.0, 1.0) ** (1.0 / _DISPLAY_GAMMA)).astype(np.uint8)


def _pq_light(signal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Luminance of a PQ signal, cd/m² (SMPTE ST 2084, the same in ITU-R BT.2100)."""
    m1, m2 = 2610 / 16384, 2523 / 4096 * 128
    c1, c2, c3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    root = signal ** (1 / m2)
    return 10000.0 * (np.maximum(root - c1, 0.0) / (c2 - c3 * root)) ** (1 / m1)


def _hlg_light(signal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Light of the scene of a hybrid log-gamma signal, 1 at its peak (ITU-R BT.2100)."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(signal <= 0.5, signal**2 / 3.0, (np.exp((signal - c) / a) + b) / 12.0)


_SIGNAL = np.arange(256) / 255.0
_STANDARD_OF = {
    Transfer.PQ: _standard_of(_pq_light(_SIGNAL) / _WHITE),
    Transfer.HLG: _standard_of((_hlg_light(_SIGNAL) / _hlg_light(np.array(_HLG_WHITE))) ** _SYSTEM_GAMMA),
}
"""Standard signal for each of the 256 of HDR, channel by channel."""
