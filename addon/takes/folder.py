"""Where takes are kept: beside the .blend, so that they move with it; elsewhere until it has been saved.

The folder of files that were never saved is the user's own, not the extension's: Blender deletes the
latter when the extension is removed.
"""

from __future__ import annotations

from pathlib import Path

import bpy

from ...errors import BlazeRigError
from .. import preferences

BESIDE = "blazerig_takes"
"""The folder's name beside a .blend; `//blazerig_takes/` in Blender's way of writing paths."""


def takes_folder() -> Path:
    """The folder for takes of this .blend; it is made where it is not there yet.

    Raises:
        BlazeRigError: It cannot be made.
    """
    folder = Path(bpy.data.filepath).parent / BESIDE if bpy.data.filepath else unsaved_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise BlazeRigError(
            f"cannot make the folder for takes, {folder}: {reason}; save the .blend elsewhere, or give rights"
        ) from error
    return folder


def unsaved_folder() -> Path:
    """The folder for takes of files that were never saved; it need not be there."""
    return preferences.takes_folder()
