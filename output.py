"""Files that are written whole or not at all."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from .errors import BlazeRigError


def check_writable(path: Path) -> None:
    """Make sure that `path` can be written, before the long work that leads to it.

    Raises:
        BlazeRigError: Its folder is missing or closed, or a folder stands in its place.
    """
    with _told(path):
        probe = unfinished(path)
        probe.touch()
        probe.unlink()


def check_folder(folder: Path) -> None:
    """Make sure that files can be put into `folder`, which need not be there yet, before the long work.

    Raises:
        BlazeRigError: It cannot be made or written.
    """
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not there.is_dir():
        raise BlazeRigError(f"cannot write to {folder}: {there} is no folder; choose another place")
    check_writable(there / "blazerig-probe")


@contextmanager
def written_whole(path: Path) -> Generator[Path, None, None]:
    """A path beside `path` to write to; it takes the place of `path` when the block has ended well.

    Otherwise what was there stays, and nothing is left beside it. The ending is that of `path`, as
    Blender's exporters go by it.

    Raises:
        BlazeRigError: The file cannot be written.
    """
    with _told(path):
        partial = unfinished(path)
        try:
            yield partial
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)


def unfinished(path: Path) -> Path:
    """Where `path` is written before it is whole."""
    return path.with_name(f"{path.stem}.unfinished{path.suffix}")


@contextmanager
def _told(path: Path) -> Generator[None, None, None]:
    """Turn the system's refusal to write `path` into an error for the user."""
    if path.is_dir():
        raise BlazeRigError(f"cannot write {path}: it is a folder; add a file name")
    try:
        yield
    except OSError as error:
        raise BlazeRigError(
            f"cannot write {path}: {error.strerror or error}; choose another place"
        ) from error
