"""A film of two pictures side by side: the footage with what was seen in it, and what was made of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from ..errors import BlazeRigError
from ..take import Take
from .overlay import draw
from .roi import Picture
from .video import Video

CLOCK = Fraction(1, 1000)
"""The film's times are counted in milliseconds, so they are the footage's own."""
QUALITY = "23"
"""x264's constant rate factor: visually clean at a small size."""


def write_film(path: Path, footage: Path, take: Take, frames: Sequence[int], panels: Sequence[Path]) -> None:
    """Write an H.264 film at `path`: on the left the footage with the take's landmarks, on the right a panel.

    Args:
        path: An .mp4 file to write.
        footage: What the take was made of.
        take: Its landmarks.
        frames: Which of its frames are shown, rising.
        panels: A picture file for each of them, all of one even height; the footage is scaled to it.

    Raises:
        BlazeRigError: A panel cannot be read, or the footage no longer has those frames.
    """
    stamps = take.times[list(frames)]
    with av.open(str(path), "w", format="mp4") as container:
        stream = None
        for picture, time in zip(_pictures(footage, take, frames, panels), stamps, strict=True):
            if stream is None:
                stream = container.add_stream("libx264", rate=Fraction(take.fps).limit_denominator(1001))
                stream.height, stream.width = picture.shape[:2]
                stream.pix_fmt, stream.time_base = "yuv420p", CLOCK
                stream.codec_context.time_base = CLOCK
                stream.options = {"crf": QUALITY}
            shown = av.VideoFrame.from_ndarray(picture, format="bgr24")
            shown.pts, shown.time_base = round(float(time) / CLOCK), CLOCK
            container.mux(stream.encode(shown))
        if stream is not None:
            container.mux(stream.encode())


def _pictures(footage: Path, take: Take, frames: Sequence[int], panels: Sequence[Path]) -> Iterator[Picture]:
    wanted = dict(zip(frames, panels, strict=True))
    with Video(footage) as video:
        for index, frame in enumerate(video.frames()):
            if index not in wanted:
                continue
            panel = cv2.imread(str(wanted.pop(index)), cv2.IMREAD_COLOR)
            if panel is None:  # pyright: ignore[reportUnnecessaryComparison]
                raise BlazeRigError("a rendered picture is missing; is the disk full?")
            left = draw(_fitted(frame.picture, panel.shape[0]), take, index)
            yield np.concatenate([left, np.asarray(panel, np.uint8)], axis=1)
            if not wanted:
                return
    raise BlazeRigError(f"{footage} has lost frames since it was tracked")


def _fitted(picture: Picture, height: int) -> Picture:
    """`picture` scaled to `height`, its width made even."""
    width = 2 * round(picture.shape[1] * height / picture.shape[0] / 2)
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
