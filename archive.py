"""Arrays in a file: NumPy's zip of arrays (.npz), no pickles, with a layout that is checked."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import BlazeRigError
from .output import written_whole

NUMBERS = "fiu"
"""Kinds of arrays that hold numbers."""
Arrays = dict[str, NDArray[Any]]
Layout = Mapping[str, tuple[str, tuple[int | None, ...]]]
"""Kinds of numbers and shape of each array; None stands for the number of frames, which `times` has."""


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Attributes:
        name: What a file of it is called.
        version: The newest that is understood.
        mark: An array that every file of it has and no other kind.
        source: The command that makes one.
    """

    name: str
    version: int
    mark: str
    source: str


def write_arrays(arrays: Mapping[str, object], path: Path, kind: Kind) -> None:
    """Write `arrays` and the version beside `path` and rename it, so that a failure leaves what was there.

    Raises:
        BlazeRigError: The file cannot be written.
    """
    packed = io.BytesIO()  # a ZipFile on a full disk complains once more when it is collected
    # Landmarks hardly shrink (to nine tenths), and compressing ten minutes of them would take seconds.
    np.savez(packed, version=np.int32(kind.version), **arrays)  # pyright: ignore[reportArgumentType]
    with written_whole(path) as unfinished:
        unfinished.write_bytes(packed.getbuffer())


def read_arrays(path: Path, kind: Kind) -> Arrays:
    """All arrays of a file of this kind.

    Raises:
        BlazeRigError: The file is missing, damaged, of another kind, or from a later version.
    """
    arrays = _unpacked(path, f"{path} is no {kind.name} (.npz): it is damaged or of another kind")
    version = arrays.get("version")
    if kind.mark not in arrays or version is None or version.shape != () or version.dtype.kind not in "iu":
        raise BlazeRigError(
            f"{path} is no {kind.name}: it has no '{kind.mark}' or no 'version'; make one with: {kind.source}"
        )
    if int(version) > kind.version:
        raise BlazeRigError(
            f"{path} was written by a later BlazeRig ({kind.name} version {int(version)}); update BlazeRig"
        )
    return arrays


def check_layout(arrays: Arrays, layout: Layout, path: Path, kind: Kind) -> None:
    """Make sure that every array is there, of its kind, and of one length.

    Raises:
        BlazeRigError: One is not.
    """
    if missing := [name for name in layout if name not in arrays]:
        raise BlazeRigError(f"{path} is no {kind.name}: {', '.join(missing)} is missing in it")
    frames = arrays["times"].size
    for name, (kinds, shape) in layout.items():
        expected = tuple(frames if length is None else length for length in shape)
        found = arrays[name]
        if found.shape != expected or found.dtype.kind not in kinds:
            what = f"{found.dtype} of shape {found.shape}, not numbers of {expected}"
            raise BlazeRigError(f"{path} is no {kind.name}: '{name}' is {what}")


def _unpacked(path: Path, damaged: str) -> Arrays:
    try:
        with path.open("rb") as file:
            loaded = np.load(file, allow_pickle=False)
            if isinstance(loaded, np.ndarray):
                raise BlazeRigError(damaged)
            return {name: loaded[name] for name in loaded.files}
    except FileNotFoundError as error:
        raise BlazeRigError(f"{path} does not exist; check its name") from error
    except OSError as error:
        raise BlazeRigError(f"cannot read {path}: {error.strerror or error}; check the file") from error
    except (ValueError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
        raise BlazeRigError(damaged) from error
