"""The user's own face maps, as dialects of one character each."""

from __future__ import annotations

from pathlib import Path

from ..presets import Presets
from .dialect import Dialect, load_dialect
from .face_map import to_toml

_PRESETS = Presets("faces", "the face map", load_dialect)

preset_folder = _PRESETS.folder
preset_names = _PRESETS.names
own_dialects = _PRESETS.all
load_preset = _PRESETS.load
delete_preset = _PRESETS.delete


def save_preset(preset: Dialect) -> Path:
    """Write a preset under its name; one of that name is replaced.

    Raises:
        BlazeRigError: No file can have that name, or it cannot be written.
    """
    return _PRESETS.save(preset.name, to_toml(preset))
