"""Pictures in a row: which of them belong together, told by their names. Nothing here needs Blender."""

from __future__ import annotations

import re
from pathlib import Path

from ...models.footage.names import ENDINGS, is_pattern

_NUMBERED = re.compile(r"(.*?)(\d+)", re.DOTALL)


def pattern_of(path: Path) -> Path | None:
    """The pattern of the numbered pictures to which a picture belongs: walk_####.png of walk_0007.png.

    None where it is no picture, carries no number at its end, or has no other beside it.
    """
    numbered = _NUMBERED.fullmatch(path.stem)
    if path.suffix.lower() not in ENDINGS or not numbered:
        return None
    before, number = numbered.groups()
    alike = re.compile(re.escape(before) + rf"\d{{{len(number)}}}" + re.escape(path.suffix))
    try:
        others = any(alike.fullmatch(file.name) and file != path for file in path.parent.iterdir())
    except OSError:
        return None
    return path.with_name(before + "#" * len(number) + path.suffix) if others else None


def of_pictures(path: Path) -> bool:
    """Whether footage is a row of pictures, whose rate nobody but the user knows."""
    return is_pattern(path) or path.is_dir()
