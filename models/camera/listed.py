"""What is known of a plugged-in camera before it is opened, and how a user's word finds it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ...errors import BlazeRigError


@dataclass(frozen=True)
class Mode:
    """A size that a camera offers.

    Attributes:
        size: Width and height, px.
        rate: The most frames a second at it.
        mjpg: Whether the pictures come compressed, as JPEG.
    """

    size: tuple[int, int]
    rate: float
    mjpg: bool


@dataclass(frozen=True)
class Listed:
    """A camera that is plugged in.

    Attributes:
        source: Its number, by which it can be opened.
        name: As its maker calls it; a second one of the same name has a (2) behind it.
        modes: From the largest to the smallest; empty where the system does not tell.
    """

    source: str
    name: str
    modes: tuple[Mode, ...] = ()


def numbered(cameras: Iterable[Listed]) -> tuple[Listed, ...]:
    """The same with names that differ."""
    seen: Counter[str] = Counter()
    found: list[Listed] = []
    for camera in cameras:
        seen[camera.name] += 1
        count = seen[camera.name]
        found.append(camera if count == 1 else replace(camera, name=f"{camera.name} ({count})"))
    return tuple(found)


def best_modes(modes: Iterable[Mode]) -> tuple[Mode, ...]:
    """The highest rate of each size and kind, from the largest size to the smallest."""
    best: dict[tuple[tuple[int, int], bool], Mode] = {}
    for mode in modes:
        known = best.get((mode.size, mode.mjpg))
        if known is None or mode.rate > known.rate:
            best[mode.size, mode.mjpg] = mode
    return tuple(
        sorted(best.values(), key=lambda mode: (-mode.size[0] * mode.size[1], -mode.size[0], mode.mjpg))
    )


def chosen(word: str, cameras: Sequence[Listed]) -> Listed:
    """The camera whose number or name is `word`; a part of the name is enough where it fits only one.

    Raises:
        BlazeRigError: There is none, or several fit.
    """
    exact = [camera for camera in cameras if word in (camera.source, camera.name)]
    fitting = exact or [
        camera for camera in cameras if not word.isdecimal() and word.casefold() in camera.name.casefold()
    ]
    if len(fitting) == 1:
        return fitting[0]
    if not cameras:
        raise BlazeRigError(
            f"there is no camera '{word}', nor any other: plug one in, or give a video file or a stream"
        )
    there = ", ".join(f"{camera.source} {camera.name}" for camera in fitting or cameras)
    if fitting:
        raise BlazeRigError(f"several cameras are called '{word}'; give the number of one: {there}")
    raise BlazeRigError(f"there is no camera '{word}'; there is: {there}")


def needs_mjpg(modes: Sequence[Mode], size: tuple[int, int], rate: float) -> bool:
    """Whether `size` comes at `rate` only as JPEG; where nothing is known, whether that is likely.

    USB 2 carries raw pictures of 640x480 at 30 frames a second, and hardly more.
    """
    if not modes:
        return size[0] * size[1] > 640 * 480
    raw = [mode for mode in modes if not mode.mjpg and mode.size == size]
    return max((mode.rate for mode in raw), default=0.0) < rate - 1.0
