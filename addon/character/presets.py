"""The user's own rig files."""

from __future__ import annotations

from pathlib import Path

from ..presets import Presets
from .bone_map import to_toml
from .rig_file import RigFile, load_rig_file

_PRESETS = Presets("bones", "the bone map", load_rig_file)

preset_folder = _PRESETS.folder
preset_names = _PRESETS.names
own_families = _PRESETS.all
load_preset = _PRESETS.load
delete_preset = _PRESETS.delete


def save_preset(file: RigFile) -> Path:
    """Write a preset under its family's name; one of that name is replaced.

    Raises:
        BlazeRigError: No file can have that name, or it cannot be written.
    """
    return _PRESETS.save(file.family, to_toml(file))
