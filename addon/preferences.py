"""What the user chooses once for all files."""

from __future__ import annotations

from pathlib import Path

import bpy


def cache_folder() -> Path:
    """Where solved motions are kept; all of it can be made again."""
    return Path(bpy.utils.user_resource("DATAFILES", path="blazerig/cache"))
