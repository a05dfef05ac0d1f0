"""Keeping Blender's own chatter off the terminal."""

from __future__ import annotations

import contextlib
import ctypes
import io
import os
import sys
from collections.abc import Iterator

from ..errors import BlazeRigError


@contextlib.contextmanager
def told(failed: str) -> Iterator[None]:
    """Blender's operators, silent; what one of them reports becomes an error for the user after `failed`.

    Raises:
        BlazeRigError: An operator failed.
    """
    try:
        with quiet():
            yield
    except RuntimeError as error:
        raise BlazeRigError(f"{failed}: {_reason(error)}") from error


def _reason(error: RuntimeError) -> str:
    """The line that says what an operator complains of; of one written in Python, below its traceback."""
    first, *rest = str(error).strip().removeprefix("Error: ").splitlines()
    if not first.startswith("Python: Traceback"):
        return first
    return next(line for line in rest if line and not line.startswith(" "))


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Silence what Blender, and Python in it, print meanwhile; for the command line.

    Blender reports a failing operator on the terminal as well as by an exception, and our
    message shall be the only one.
    """
    _flush()
    kept = [os.dup(stream) for stream in (1, 2)]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        for stream in (1, 2):
            os.dup2(nowhere, stream)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        _flush()
        for stream, copy in zip((1, 2), kept, strict=True):
            os.dup2(copy, stream)
            os.close(copy)
        os.close(nowhere)


def _flush() -> None:
    """Empty the buffers of Python and of the C library, in which Blender's output waits."""
    sys.stdout.flush()
    sys.stderr.flush()
    ctypes.CDLL("ucrtbase" if os.name == "nt" else None).fflush(None)
