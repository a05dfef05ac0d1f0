"""The user's own rig files, kept among Blender's presets so that they outlive the add-on."""

from __future__ import annotations

import re
from pathlib import Path

import bpy

from ...errors import BlazeRigError
from ...output import written_whole
from .bone_map import to_toml
from .rig_file import RigFile, load_rig_file

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
"""What no system or not every system takes in the name of a file."""
_loaded: dict[Path, tuple[float, RigFile | None]] = {}


def preset_folder() -> Path:
    """Where presets of the bone map are."""
    return Path(bpy.utils.user_resource("SCRIPTS", path="presets/blazerig/bones"))


def preset_names() -> list[str]:
    """What there is, by name."""
    return sorted(path.stem for path in preset_folder().glob("*.toml"))


def own_families() -> tuple[RigFile, ...]:
    """The presets as families; those that cannot be read are passed over until they are chosen."""
    files = (_read(path) for path in sorted(preset_folder().glob("*.toml")))
    return tuple(file for file in files if file is not None)


def save_preset(file: RigFile) -> Path:
    """Write a preset under its family's name; one of that name is replaced.

    Raises:
        BlazeRigError: No file can have that name, or it cannot be written.
    """
    path = _path(file.family)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BlazeRigError(f"cannot make the folder {path.parent}: {error.strerror or error}") from error
    with written_whole(path) as unfinished:
        unfinished.write_text(to_toml(file), encoding="utf-8")
    return path


def load_preset(name: str) -> RigFile:
    """A preset by its name.

    Raises:
        BlazeRigError: There is none, or it is not of the format.
    """
    _check_there(name)
    return load_rig_file(_path(name))


def delete_preset(name: str) -> None:
    """Remove a preset's file.

    Raises:
        BlazeRigError: There is none, or it cannot be removed.
    """
    _check_there(name)
    try:
        _path(name).unlink()
    except OSError as error:
        raise BlazeRigError(f"cannot delete {_path(name)}: {error.strerror or error}") from error


def _check_there(name: str) -> None:
    if name not in preset_names():
        choices = ", ".join(preset_names()) or "none yet"
        raise BlazeRigError(f"there is no preset '{name}' of the bone map; there are: {choices}")


def _path(name: str) -> Path:
    if name != name.strip() or not name or name.startswith(".") or _FORBIDDEN.search(name):
        raise BlazeRigError(f"'{name}' cannot be a preset's name; use letters, digits, spaces, - and _")
    return preset_folder() / f"{name}.toml"


def _read(path: Path) -> RigFile | None:
    """A preset, read again where its file has changed."""
    changed = path.stat().st_mtime_ns
    if _loaded.get(path, (None,))[0] != changed:
        try:
            _loaded[path] = changed, load_rig_file(path)
        except BlazeRigError:
            _loaded[path] = changed, None
    return _loaded[path][1]
