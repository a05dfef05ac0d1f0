"""The sound of a recording: a microphone's, cut so that it begins and ends with the take."""

from __future__ import annotations

import threading
import wave
from pathlib import Path

from ..errors import BlazeRigError
from ..models.microphone.microphone import Microphone
from ..output import written_whole


class Sound:
    """Records into a WAV from now on. A microphone may take seconds to open: that is another thread's work.

    Attributes:
        path: The WAV; it can be played at every moment.
        problem: Why there is no sound, or no more of it; empty while all is well.
    """

    def __init__(self, source: str, path: Path) -> None:
        """From a microphone that is listed, by source or name; empty for the first."""
        self.path, self.problem = path, ""
        self._microphone: Microphone | None = None
        self._opening = threading.Thread(target=self._open, args=(source,), daemon=True)
        self._opening.start()

    def _open(self, source: str) -> None:
        try:
            self._microphone = Microphone(source, self.path)
        except BlazeRigError as error:
            self.problem = f"no sound is recorded: {error}"

    def end(self, began: float, ended: float) -> Path | None:
        """Stop, and cut it to what was captured from `began` to `ended` s; None where nothing was."""
        self._opening.join()
        if self._microphone is None:
            return None
        self._microphone.close()
        self.problem = self._microphone.problem
        origin = self._microphone.began
        try:
            _cut(self.path, began - origin, ended - origin)
        except BlazeRigError as error:
            self.problem = f"the sound begins {began - origin:.2f} s before the take: {error}"
        return self.path

    def discard(self) -> None:
        """Stop, and leave nothing."""
        self._opening.join()
        if self._microphone is not None:
            self._microphone.close()
        self.path.unlink(missing_ok=True)


def _cut(path: Path, first: float, last: float) -> None:
    """Leave the seconds of a WAV from `first` to `last`; what it does not have of them is silence."""
    with wave.open(str(path), "rb") as file:
        form, count = file.getparams(), file.getnframes()
        begin, end = round(first * form.framerate), round(last * form.framerate)
        file.setpos(min(max(begin, 0), count))
        samples = file.readframes(max(min(end, count) - max(begin, 0), 0))
    silence = bytes(form.sampwidth * form.nchannels)
    samples = silence * max(min(-begin, end - begin), 0) + samples + silence * max(end - max(count, begin), 0)
    with written_whole(path) as unfinished, wave.open(str(unfinished), "wb") as file:
        file.setparams(form)
        file.writeframes(samples)
