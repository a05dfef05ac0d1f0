"""Cameras on Linux: what Video4Linux tells of them without starting them.

The numbers and layouts are those of `linux/videodev2.h`.
"""

from __future__ import annotations

import errno
import os
import struct
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .listed import Listed, Mode, best_modes, numbered

Ioctl = Callable[[int, int, bytearray], int]

_READ, _WRITE = 2, 1
_CAPABILITY = struct.Struct("16s32s32sIII12x")
_FORMAT = struct.Struct("III32sI4x12x")
_SIZE = struct.Struct("III24s8x")
_INTERVAL = struct.Struct("IIIII24s8x")
_BUFFERS = struct.Struct("IIIIB3x")
_CAPTURE, _STREAMING, _HAS_OWN = 0x1, 0x04000000, 0x80000000
_VIDEO_CAPTURE, _MMAP = 1, 1
_DISCRETE = 1
_COMPRESSED = {b"MJPG", b"JPEG"}
_MANY = 256
"""No camera has so many formats, sizes or rates: a driver that goes on for ever is not followed."""


def _request(direction: int, number: int, layout: struct.Struct) -> int:
    """`_IOC` of `asm-generic/ioctl.h`."""
    return direction << 30 | layout.size << 16 | ord("V") << 8 | number


_QUERYCAP = _request(_READ, 0, _CAPABILITY)
_ENUM_FMT = _request(_READ | _WRITE, 2, _FORMAT)
_REQBUFS = _request(_READ | _WRITE, 8, _BUFFERS)
_ENUM_FRAMESIZES = _request(_READ | _WRITE, 74, _SIZE)
_ENUM_FRAMEINTERVALS = _request(_READ | _WRITE, 75, _INTERVAL)


def _ioctl(file: int, request: int, answer: bytearray) -> int:
    if sys.platform == "win32":
        raise OSError(errno.ENOSYS, "no ioctl here")
    import fcntl

    return fcntl.ioctl(file, request, answer)


def cameras(
    listed: Path = Path("/sys/class/video4linux"),
    devices: Path = Path("/dev"),
    ioctl: Ioctl = _ioctl,
    *,
    modes: bool = True,
) -> tuple[Listed, ...]:
    """All that can be captured from, in the order of their numbers.

    A camera has further nodes, for what is no picture; they are left out. One that may not be opened is
    listed without its modes.
    """
    nodes = [path for path in listed.glob("video*") if path.name[5:].isdecimal()]
    found: list[Listed] = []
    for node in sorted(nodes, key=lambda path: int(path.name[5:])):
        name = _text(node / "name") or node.name
        try:
            with _open(devices / node.name) as file:
                if _captures(file, ioctl):
                    offered = best_modes(_modes(file, ioctl)) if modes else ()
                    found.append(Listed(node.name[5:], name, offered))
        except OSError:
            if _text(node / "index") in ("", "0"):
                found.append(Listed(node.name[5:], name))
    return numbered(found)


def obstacle(device: Path, ioctl: Ioctl = _ioctl, programs: Path = Path("/proc")) -> str:
    """Why the camera at `device` cannot be started now, and what to do; empty where nothing is in the way."""
    try:
        with _open(device) as file:
            ioctl(file, _REQBUFS, bytearray(_BUFFERS.pack(0, _VIDEO_CAPTURE, _MMAP, 0, 0)))
    except PermissionError:
        return (
            f"you may not use {device}: add yourself to the group video "
            '(sudo usermod -aG video "$USER") and log in again'
        )
    except FileNotFoundError:
        return f"{device} is not there; plug the camera in again"
    except OSError as error:
        if error.errno == errno.EBUSY:
            users = ", ".join(_users(device, programs))
            return f"{device} is in use by {users or 'another program'}; close that and try again"
        if error.errno == errno.ENODEV:
            return f"{device} is unplugged; plug it in again"
    return ""


@contextmanager
def _open(device: Path) -> Generator[int, None, None]:
    file = os.open(device, os.O_RDWR | getattr(os, "O_NONBLOCK", 0))
    try:
        yield file
    finally:
        os.close(file)


def _captures(file: int, ioctl: Ioctl) -> bool:
    answer = bytearray(_CAPABILITY.size)
    ioctl(file, _QUERYCAP, answer)
    *_, whole, own = _CAPABILITY.unpack(answer)
    can = own if whole & _HAS_OWN else whole
    return bool(can & _CAPTURE and can & _STREAMING)


def _modes(file: int, ioctl: Ioctl) -> Iterator[Mode]:
    for index in range(_MANY):
        answer = bytearray(_FORMAT.pack(index, _VIDEO_CAPTURE, 0, b"", 0))
        if not _answered(file, _ENUM_FMT, answer, ioctl):
            return
        pixels: int = _FORMAT.unpack(answer)[4]
        mjpg = pixels.to_bytes(4, "little") in _COMPRESSED
        for size in _sizes(file, pixels, ioctl):
            yield Mode(size, _rate(file, pixels, size, ioctl), mjpg)


def _sizes(file: int, pixels: int, ioctl: Ioctl) -> Iterator[tuple[int, int]]:
    """Those that are offered; the largest where all from one to another are."""
    for index in range(_MANY):
        answer = bytearray(_SIZE.pack(index, pixels, 0, b""))
        if not _answered(file, _ENUM_FRAMESIZES, answer, ioctl):
            return
        _, _, kind, numbers = _SIZE.unpack(answer)
        if kind != _DISCRETE:
            _, width, _, _, height, _ = struct.unpack("6I", numbers)
            yield width, height
            return
        yield struct.unpack_from("2I", numbers)


def _rate(file: int, pixels: int, size: tuple[int, int], ioctl: Ioctl) -> float:
    """The highest; 0 where the driver does not tell. The first interval of a range is its shortest."""
    rates = [0.0]
    for index in range(_MANY):
        answer = bytearray(_INTERVAL.pack(index, pixels, *size, 0, b""))
        if not _answered(file, _ENUM_FRAMEINTERVALS, answer, ioctl):
            break
        *_, kind, numbers = _INTERVAL.unpack(answer)
        seconds, parts = struct.unpack_from("2I", numbers)
        if seconds:
            rates.append(round(parts / seconds, 3))
        if kind != _DISCRETE:
            break
    return max(rates)


def _answered(file: int, request: int, answer: bytearray, ioctl: Ioctl) -> bool:
    """Whether the driver knows the answer; past the last of what it enumerates it refuses."""
    try:
        ioctl(file, request, answer)
    except OSError:
        return False
    return True


def _users(device: Path, programs: Path) -> Iterator[str]:
    """Names of the programs that hold it open, of those that we may look into; never our own."""
    for program in programs.glob("[0-9]*"):
        with suppress(OSError):
            if program.name != str(os.getpid()) and any(
                os.readlink(file) == str(device) for file in (program / "fd").iterdir()
            ):
                yield _text(program / "comm") or program.name


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return ""
