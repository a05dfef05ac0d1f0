"""What the tests of the models share: footage beside the checkout, footage made here, the reference."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

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


def write_video(path: Path, pictures: list[np.ndarray], times: list[float]) -> Path:
    """A video whose index stands before its pictures, as in streams: cut short, it still opens."""
    with av.open(str(path), "w", options={"movflags": "faststart"}) as file:
        stream = file.add_stream("mpeg4", rate=30)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.bit_rate = 4_000_000
        stream.codec_context.time_base = Fraction(1, 1000)
        stream.codec_context.gop_size = 1
        for picture, time in zip(pictures, times, strict=True):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="bgr24")
            frame.pts, frame.time_base = round(time * 1000), Fraction(1, 1000)
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
    def make(pictures: list[np.ndarray], times: list[float], name: str = "made.mp4") -> Path:
        return write_video(tmp_path / name, pictures, times)

    return make
