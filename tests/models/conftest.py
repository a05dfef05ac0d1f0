"""What the tests of the models share: footage beside the checkout, footage made here, the reference."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("BLAZERIG_SHARED", ROOT.parent / "shared"))
_REFERENCE = ROOT / ".venv-reference" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")

Arrays = dict[str, np.ndarray]


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip(f"there is no footage at {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def person() -> Path:
    """A short video of a person: the project's own, or one from beside the checkout."""
    clips = [
        *sorted((ROOT / "tests" / "sample").glob("*.mp4")),
        SHARED / "synth" / "dev" / "hands" / "video.mp4",
    ]
    found = next((clip for clip in clips if clip.is_file()), None)
    if found is None:
        pytest.skip("there is no video of a person")
    return found


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Arrays]:
    """Runs a script with MediaPipe in its own environment: files and options in, arrays out."""
    if not _REFERENCE.is_file():
        pytest.skip("the reference is not installed (python3 build.py reference)")

    def run(*arguments: str | Path, script: str = "holistic.py") -> Arrays:
        out = tmp_path_factory.mktemp("reference") / "out.npz"
        command = [_REFERENCE, ROOT / "tests" / "reference" / script, out, *arguments]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        with np.load(out) as file:
            return dict(file)

    return run


def write_video(
    path: Path,
    pictures: Sequence[np.ndarray | av.VideoFrame],
    times: list[float],
    *,
    codec: str = "mpeg4",
    pix_fmt: str = "yuv420p",
    gop: int = 1,
    options: dict[str, str] | None = None,
    flags: int = 0,
    **settings: int | Fraction,
) -> Path:
    """A video whose index stands before its pictures, as in streams: cut short, it still opens.

    Args:
        path: Its ending chooses the container.
        pictures: BGR, or frames as FFmpeg has them.
        times: Seconds.
        codec: FFmpeg's name of the encoder.
        pix_fmt: FFmpeg's name of what is encoded.
        gop: From one frame that stands alone to the next.
        options: Of the encoder.
        flags: More flags of the encoder's context.
        settings: Of the encoder's context, as `color_range`.
    """
    clock = Fraction(1, 1000)
    frames = [
        one
        if isinstance(one, av.VideoFrame)
        else av.VideoFrame.from_ndarray(np.ascontiguousarray(one), format="bgr24")
        for one in pictures
    ]
    header = {"movflags": "faststart"} if path.suffix in {".mp4", ".mov"} else {}
    with av.open(str(path), "w", options=header) as file:
        stream = file.add_stream(codec, rate=30, options=options or {})
        context = stream.codec_context
        stream.width, stream.height = frames[0].width, frames[0].height
        stream.pix_fmt, stream.bit_rate = pix_fmt, 4_000_000
        context.time_base, context.gop_size = clock, gop
        context.flags |= flags
        for name, value in settings.items():
            setattr(context, name, value)
        for frame, time in zip(frames, times, strict=True):
            frame.pts, frame.time_base = round(time / clock), clock
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    return path


@pytest.fixture(scope="session")
def noise() -> list[np.ndarray]:
    """Twenty pictures of noise, each another."""
    random = np.random.default_rng(5)
    return [random.integers(0, 256, (120, 160, 3), np.uint8) for _ in range(20)]


@pytest.fixture
def make_video(tmp_path: Path) -> Callable[..., Path]:
    def make(
        pictures: Sequence[np.ndarray | av.VideoFrame], times: list[float], name: str = "made.mp4", **how: Any
    ) -> Path:
        return write_video(tmp_path / name, pictures, times, **how)

    return make
