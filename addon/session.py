"""Takes and solved motions in memory, each read once for as long as its file stays the same."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .. import VERSION
from ..solver.motion import load_motion
from ..solver.settings import Settings
from ..solver.solution import Solution
from ..take import Take, load_take
from . import preferences

KEPT = 16
"""Files that stay in memory."""
_read: OrderedDict[tuple[object, ...], Any] = OrderedDict()


def take(path: Path) -> Take:
    """The take in a file.

    Raises:
        BlazeRigError: It is missing or no take.
    """
    return _once(path, load_take)


def motion_file(path: Path, settings: Settings) -> Path:
    """Where the motion of a take, solved with `settings`, is or will be; the same wherever the take lies."""
    stamp = "\n".join([VERSION, _once(path, _digest), repr(settings)])
    return preferences.cache_folder() / f"{path.stem}-{hashlib.sha256(stamp.encode()).hexdigest()[:16]}.npz"


def motion(path: Path, settings: Settings) -> Solution | None:
    """What was solved of a take with `settings`; None where it was not solved yet."""
    file = motion_file(path, settings)
    return _once(file, load_motion) if file.is_file() else None


def forget() -> None:
    """Let go of everything that was read."""
    _read.clear()


def _stamp(path: Path) -> tuple[object, ...]:
    if not path.is_file():
        return str(path), None
    status = path.stat()
    return str(path), status.st_mtime_ns, status.st_size


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _once(path: Path, load: Callable[[Path], Any]) -> Any:
    key = load, *_stamp(path)
    if key not in _read:
        _read[key] = load(path)
    _read.move_to_end(key)
    while len(_read) > KEPT:
        _read.popitem(last=False)
    return _read[key]
