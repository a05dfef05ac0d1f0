"""Where the files of a recording lie beside its take: known to Blender, too, which loads no nets for it."""

from __future__ import annotations

from pathlib import Path


def motion_beside(take: Path) -> Path:
    """Where the motion of a recorded take is, as it was shown."""
    return take.with_suffix(f".motion{take.suffix}")
