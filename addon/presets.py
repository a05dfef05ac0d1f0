"""The user's own files of one kind, kept among Blender's presets so that they outlive the add-on."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import bpy

from ..errors import BlazeRigError
from ..output import written_whole

T = TypeVar("T")
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
"""What no system or not every system takes in the name of a file."""


class Presets(Generic[T]):
    """TOML files of one folder, one a preset, read again where a file has changed."""

    def __init__(self, folder: str, what: str, read: Callable[[Path], T]) -> None:
        """Of `folder` below BlazeRig's presets, each `what` for people, read by `read`."""
        self._folder, self._what, self._read = folder, what, read
        self._loaded: dict[Path, tuple[float, T | None]] = {}

    def folder(self) -> Path:
        """Where they are."""
        return Path(bpy.utils.user_resource("SCRIPTS", path=f"presets/blazerig/{self._folder}"))

    def names(self) -> list[str]:
        """What there is, by name."""
        return sorted(path.stem for path in self.folder().glob("*.toml"))

    def all(self) -> tuple[T, ...]:
        """Those that can be read; others are passed over until they are chosen."""
        files = (self._latest(path) for path in sorted(self.folder().glob("*.toml")))
        return tuple(file for file in files if file is not None)

    def save(self, name: str, text: str) -> Path:
        """Write a preset; one of that name is replaced.

        Raises:
            BlazeRigError: No file can have that name, or it cannot be written.
        """
        path = self._path(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BlazeRigError(f"cannot make the folder {path.parent}: {error.strerror or error}") from error
        with written_whole(path) as unfinished:
            unfinished.write_text(text, encoding="utf-8")
        return path

    def load(self, name: str) -> T:
        """A preset by its name.

        Raises:
            BlazeRigError: There is none, or it is not of the format.
        """
        self._check_there(name)
        return self._read(self._path(name))

    def delete(self, name: str) -> None:
        """Remove a preset's file.

        Raises:
            BlazeRigError: There is none, or it cannot be removed.
        """
        self._check_there(name)
        try:
            self._path(name).unlink()
        except OSError as error:
            raise BlazeRigError(f"cannot delete {self._path(name)}: {error.strerror or error}") from error

    def _check_there(self, name: str) -> None:
        if name not in self.names():
            choices = ", ".join(self.names()) or "none yet"
            raise BlazeRigError(f"there is no preset '{name}' of {self._what}; there are: {choices}")

    def _path(self, name: str) -> Path:
        if name != name.strip() or not name or name.startswith(".") or _FORBIDDEN.search(name):
            raise BlazeRigError(f"'{name}' cannot be a preset's name; use letters, digits, spaces, - and _")
        return self.folder() / f"{name}.toml"

    def _latest(self, path: Path) -> T | None:
        changed = path.stat().st_mtime_ns
        if self._loaded.get(path, (None,))[0] != changed:
            try:
                self._loaded[path] = changed, self._read(path)
            except BlazeRigError:
                self._loaded[path] = changed, None
        return self._loaded[path][1]
