"""A take's quality at a glance: where body, hands and face were seen, and how confidently.

It is kept with the take's entry as a few hundred bytes, so that the list shows it without the file.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...solver.landmarks import ANKLES, ELBOWS, HIPS, KNEES, SHOULDERS, WRISTS
from ...take import Face, Floats, Hand, Take
from .colours import colours

Bytes = NDArray[np.uint8]

PARTS = ("Body", "Left Hand", "Right Hand", "Face")
"""The rows of a quality, from the top."""
BINS = 96
"""Stretches of equal length that a take is divided in."""
LIMBS = [*SHOULDERS, *ELBOWS, *WRISTS, *HIPS, *KNEES, *ANKLES]
"""The landmarks that tell of the body."""
TOP, UNSEEN, ABSENT = 253, 254, 255
"""The byte of confidence 1, of what was not seen, of what was not looked for."""


def quality(take: Take) -> bytes:
    """`BINS` bytes for each of `PARTS`: the mean confidence where it was seen in most frames of a bin."""
    frames = len(take)
    face = np.full(frames, np.nan) if take.face is None else _found(take.face)
    body = np.asarray(take.body_confidence, float)[:, LIMBS]
    seen = np.isfinite(np.asarray(take.body_image)[:, LIMBS, :2]).all((1, 2))
    rows = (np.where(seen, np.nan_to_num(body).mean(1), np.nan), _found(take.left), _found(take.right), face)
    table = np.stack([_binned(row, take.times) for row in rows])
    if take.face is None:
        table[PARTS.index("Face")] = ABSENT
    return table.tobytes()


def _found(part: Hand | Face) -> Floats:
    """The net's belief in a part; NaN where it was not found. Shape (F,)."""
    there = np.isfinite(np.asarray(part.image)).all((1, 2))
    return np.where(there, np.asarray(part.score, float), np.nan)


def _binned(row: Floats, times: Floats) -> Bytes:
    """Values (F,) as `BINS` bytes over equal times; a bin without frames is as the frame before it."""
    if not len(times):
        return np.full(BINS, UNSEEN, np.uint8)
    edges = np.linspace(times[0], times[-1], BINS + 1)
    first = np.maximum(np.searchsorted(times, edges[:-1], side="right") - 1, 0)
    last = np.maximum(np.searchsorted(times, edges[1:]), first + 1)
    seen = np.isfinite(row)
    sums, counts = (np.concatenate([[0.0], np.cumsum(x)]) for x in (np.where(seen, row, 0.0), seen))
    total, count = sums[last] - sums[first], counts[last] - counts[first]
    mean = np.clip(total / np.maximum(count, 1.0), 0.0, 1.0)
    return np.where(count * 2 > last - first, np.round(mean * TOP), UNSEEN).astype(np.uint8)


def strip(packed: bytes, width: int, height: int) -> NDArray[np.float32]:
    """A picture of a quality, `width` x `height` px, sRGB: time to the right, `PARTS` from the top.

    Args:
        packed: From `quality`.
        width: Of the picture, px.
        height: Of the picture, px; the parts share it.

    Returns:
        Rows from the bottom, as Blender wants them. Shape (height, width, 4). Transparent between the parts,
        and where nothing was looked for or `packed` is no quality.
    """
    picture = np.zeros((height, width, 4), np.float32)
    table: NDArray[Any] = np.frombuffer(packed, np.uint8)
    if table.size != len(PARTS) * BINS:
        return picture
    table = table.reshape(len(PARTS), BINS)[:, np.arange(width) * BINS // width]
    shades = colours(np.where(table <= TOP, table / TOP, np.nan))
    shades[table == ABSENT] = 0.0
    gap = max(1, height // len(PARTS) // 10)
    for i, row in enumerate(shades):
        top, bottom = i * height // len(PARTS), (i + 1) * height // len(PARTS)
        picture[height - bottom + gap : height - top] = row
    return picture
