"""A microphone that is recorded into a file while a camera runs, on the same clock.

Through PyAV, whose wheels hold ALSA (Linux), AVFoundation (macOS) and DirectShow (Windows).
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from itertools import chain
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.container import InputContainer
from av.error import FFmpegError

from ...errors import BlazeRigError
from .. import permission
from .listing import list_microphones
from .pace import Pace
from .wav import Wav

_FORMATS = {"linux": "alsa", "darwin": "avfoundation", "win32": "dshow"}
_OPTIONS = {"win32": {"audio_buffer_size": "50"}}
"""Milliseconds; DirectShow's own half a second would end a recording that much too early."""
_ALSA = Path("/usr/share/alsa/alsa.conf")
"""PyAV's wheel looks for it elsewhere."""
_PATIENCE, _CLOSING = 5.0, 0.5
"""Seconds that the first sound, and the last, may take."""


class Microphone:
    """Records until it is closed; the file can be played at every moment, also after a crash.

    Attributes:
        name: For people.
        began: When the first sample in the file was captured, on the clock `time.perf_counter`, s. It
            settles in the first two seconds; until then it may be a block, some 20 ms, too late.
        problem: Why it ended before it was closed, and what to do; empty while all is well.
    """

    def __init__(self, source: str, path: Path) -> None:
        """Open it, and begin to record.

        Args:
            source: Of a microphone that is listed, or its name; empty for the first; or a file with sound,
                which is played at its own speed.
            path: The WAV to write, 16 bits, one or two channels, at the microphone's own rate.

        Raises:
            BlazeRigError: There is no such microphone, it gives no sound, or the file cannot be written.
        """
        device, self.name = (source, Path(source).name) if Path(source).is_file() else _found(source)
        self.began = 0.0
        self.problem = ""
        self._closed, self._ended = threading.Event(), threading.Event()
        self._heard: Future[None] = Future()
        threading.Thread(
            target=self._run, args=(device, path), name=f"sound {self.name}", daemon=True
        ).start()
        try:
            self._heard.result(_PATIENCE)
        except TimeoutError:
            self._closed.set()
            raise BlazeRigError(
                f"{self.name} gave no sound; see that it is plugged in and that no other program uses it"
            ) from None

    def close(self) -> None:
        """Stop; returns soon, also where a driver hangs, and leaves a whole file."""
        self._closed.set()
        self._ended.wait(_CLOSING)

    def _run(self, device: str, path: Path) -> None:
        try:
            with _open(device, self.name) as container:
                self._record(container, path, paced=Path(device).is_file())
        except BlazeRigError as error:
            self._fail(error, str(error))
        except BaseException as bug:
            self._fail(bug, f"the recording of {self.name} ended: {bug!r}; the sound until then is kept")
        finally:
            self._ended.set()

    def _fail(self, error: BaseException, problem: str) -> None:
        """Tell who waits for the first sound; later, who asks."""
        if self._heard.done():
            self.problem = problem
        else:
            self._heard.set_exception(error)

    def _record(self, container: InputContainer, path: Path, *, paced: bool) -> None:
        stream = container.streams.audio[0]
        rate = stream.codec_context.sample_rate
        channels = min(2, stream.codec_context.layout.nb_channels)
        resampler = AudioResampler("s16", "mono" if channels == 1 else "stereo", rate)
        start, count, pace = time.perf_counter(), 0, Pace(rate)
        frames = _frames(container, self.name)
        first = next(frames, None)
        if first is None:
            raise BlazeRigError(f"{self.name} gave no sound; choose another microphone")
        wav = Wav(path, rate, channels)
        try:
            for frame in chain((first,), frames):
                count += frame.samples
                if paced:
                    time.sleep(max(0.0, start + count / rate - time.perf_counter()))
                if self._closed.is_set():
                    return
                lost = pace(time.perf_counter(), frame.samples)
                self.began = cast(float, pace.began)
                wav.add(np.zeros((lost, channels), np.int16))
                for block in resampler.resample(frame):
                    wav.add(block.to_ndarray().astype(np.int16, copy=False).reshape(-1, channels))
                if not self._heard.done():
                    self._heard.set_result(None)
        finally:
            wav.close()


def _found(source: str) -> tuple[str, str]:
    """What to open, and its name.

    Raises:
        BlazeRigError: There is no such microphone, or the system gives none.
    """
    if refused := permission.refusal("microphone"):
        raise BlazeRigError(refused)
    there = list_microphones()
    if not there:
        raise BlazeRigError("there is no microphone; plug one in, or record without sound")
    for microphone in there:
        if source in ("", microphone.source, microphone.name):
            return microphone.source, microphone.name
    names = ", ".join(microphone.name for microphone in there)
    raise BlazeRigError(f"there is no microphone '{source}'; there is: {names}")


def _open(device: str, name: str) -> InputContainer:
    if _ALSA.exists():
        os.environ.setdefault("ALSA_CONFIG_PATH", str(_ALSA))
    is_file = Path(device).is_file()
    try:
        container = av.open(
            device,
            format=None if is_file else _FORMATS.get(sys.platform),
            container_options={} if is_file else _OPTIONS.get(sys.platform, {}),
        )
    except FFmpegError as error:
        raise BlazeRigError(
            f"{name} cannot be opened; close other programs that record sound, or choose another microphone"
        ) from error
    if not container.streams.audio:
        container.close()
        raise BlazeRigError(f"{name} has no sound; choose a microphone")
    return container


def _frames(container: InputContainer, name: str) -> Iterator[AudioFrame]:
    """Sound as it comes, to the end of a file.

    Raises:
        BlazeRigError: The microphone was unplugged.
    """
    try:
        yield from container.decode(container.streams.audio[0])
    except FFmpegError as error:
        raise BlazeRigError(
            f"{name} gives no more sound; plug it in again for the next recording: what it had is kept"
        ) from error
