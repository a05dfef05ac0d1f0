"""A WAV file that is whole at every moment, so that a crash leaves what was recorded until then."""

from __future__ import annotations

import struct
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...errors import BlazeRigError

_HEAD = struct.Struct("<4sI4s4sIHHIIHH4sI")
"""RIFF, WAVE, fmt and data: "Multimedia Programming Interface and Data Specifications 1.0", 1991."""
_PCM, _BITS = 1, 16
_LARGEST = 2**32 - 1 - _HEAD.size
"""Bytes of sound that the format can hold: six hours of stereo."""


class Wav:
    """Grows sample by sample; its head always says how long it is."""

    def __init__(self, path: Path, rate: int, channels: int) -> None:
        """Begin a file without sound.

        Args:
            path: An older file is replaced.
            rate: Samples a second.
            channels: 1 or 2.

        Raises:
            BlazeRigError: It cannot be written.
        """
        self._path, self._rate, self._channels, self._bytes = path, rate, channels, 0
        with self._told():
            self._file = path.open("w+b")
            self._write_head()

    def add(self, samples: NDArray[np.int16]) -> None:
        """Append samples. Shape (count, channels). What is beyond the format's end is left out.

        Raises:
            BlazeRigError: They cannot be written.
        """
        data = samples.astype("<i2", copy=False).tobytes()[: _LARGEST - self._bytes]
        with self._told():
            self._file.seek(_HEAD.size + self._bytes)
            self._file.write(data)
            self._bytes += len(data)
            self._write_head()

    def close(self) -> None:
        """Nothing more comes."""
        self._file.close()

    @contextmanager
    def _told(self) -> Generator[None, None, None]:
        try:
            yield
        except OSError as error:
            raise BlazeRigError(
                f"cannot write {self._path}: {error.strerror or error}; choose another place"
            ) from error

    def _write_head(self) -> None:
        width = self._channels * _BITS // 8
        sound = (16, _PCM, self._channels, self._rate, self._rate * width, width, _BITS)
        whole = _HEAD.size - 8 + self._bytes
        self._file.seek(0)
        self._file.write(_HEAD.pack(b"RIFF", whole, b"WAVE", b"fmt ", *sound, b"data", self._bytes))
        self._file.flush()
