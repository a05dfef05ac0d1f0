"""The sound of a recording begins and ends with it, also where the microphone came late or went early."""

from __future__ import annotations

import time
import wave
from pathlib import Path

import numpy as np
import pytest
from blazerig.live.sound import Sound, _cut

RATE = 8000


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Samples that are counted, from 1 on: two seconds."""
    path = tmp_path / "source.wav"
    write(path, np.arange(1, 2 * RATE + 1))
    return path


def write(path: Path, samples: np.ndarray) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(samples.astype(np.int16).tobytes())


def read(path: Path) -> np.ndarray:
    with wave.open(str(path), "rb") as file:
        return np.frombuffer(file.readframes(file.getnframes()), np.int16)


@pytest.mark.parametrize(("first", "last"), [(0.5, 1.5), (-0.5, 1.0), (1.5, 2.5), (-1.0, 3.0), (2.5, 3.0)])
def test_what_was_not_heard_is_silence(source: Path, first: float, last: float) -> None:
    _cut(source, first, last)
    seconds = np.arange(round(first * RATE), round(last * RATE))
    heard = (seconds >= 0) & (seconds < 2 * RATE)
    np.testing.assert_array_equal(read(source), np.where(heard, seconds + 1, 0))


def test_a_microphone_is_recorded_by_the_clock_of_the_frames(source: Path, tmp_path: Path) -> None:
    sound = Sound(str(source), tmp_path / "take.wav")
    began = time.perf_counter() + 0.4
    time.sleep(1.2)
    assert sound.end(began, began + 0.5) == tmp_path / "take.wav"
    samples = read(tmp_path / "take.wav")
    assert len(samples) == RATE // 2
    assert samples.max() > 0
    assert not sound.problem


def test_without_a_microphone_it_goes_on_without(tmp_path: Path) -> None:
    sound = Sound("no such microphone", tmp_path / "take.wav")
    assert sound.end(0.0, 1.0) is None
    assert "no sound is recorded" in sound.problem
    assert not (tmp_path / "take.wav").exists()
