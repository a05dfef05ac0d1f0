"""What a worker that ended in the middle has left: takes of what it had seen, and half-written files."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

_ENDING = r"(\.\d+)?{}\.npz"
"""Of the files of one take, or of the takes of several performers."""


def rescue(take: Path) -> tuple[Path, ...]:
    """Make takes of what was kept beside `take`, which was to be written; half-written files go.

    Returns:
        The takes that there are now, one for each performer.
    """
    for path in _beside(take, r"(\.kept)?\.unfinished"):
        path.unlink()
    for path in _beside(take, r"\.kept"):
        whole = path.with_name(path.name.removesuffix(".kept.npz") + ".npz")
        if whole.exists():
            path.unlink()
        else:
            path.rename(whole)
    return tuple(_beside(take, ""))


def frames(take: Path) -> int:
    """How many frames a take has, without reading the rest of it."""
    with np.load(take) as arrays:
        return len(arrays["times"])


def _beside(take: Path, kind: str) -> list[Path]:
    if not take.parent.is_dir():
        return []
    name = re.compile(re.escape(take.stem) + _ENDING.format(kind))
    return sorted(path for path in take.parent.iterdir() if name.fullmatch(path.name))
