"""A live session: frames to whoever wants them, commands obeyed, what happens told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import BlazeRigError
from ..models.sessions import Processor
from .face_figures import FaceFigures
from .frame import LiveFrame
from .meter import Meter
from .outlet import Outlet
from .recordings import Recordings
from .source import Source

if TYPE_CHECKING:
    from .vmc.sender import VmcSender

PATIENCE = 0.1
"""Seconds that a frame is waited for before commands are looked at."""
OFTEN = 0.5
"""Seconds from one note of figures to the next."""
RECENT = 3.0
"""Seconds that those figures are about."""


class Session:
    """Runs one from its first frame to its last.

    Attributes:
        meter: What was measured.
        face_figures: What the face did.
        recordings: What is recorded; to be closed by whoever made the session.
    """

    def __init__(self, live: Source, processor: Processor, outlets: Sequence[Outlet]) -> None:
        """With what `live` sees, its nets on `processor`; latency is that of the first outlet."""
        self.meter, self.face_figures = Meter(), FaceFigures()
        self.recordings = Recordings(live.solvers.body)
        self._live, self._processor, self._outlets = live, processor, outlets
        self._vmc: VmcSender | None = None
        self._predict = False
        self._condition = live.camera.condition()
        self._warned = 0
        self._calibrating = 0.0
        self._next_figures = 0.0

    def run(self, commands: Callable[[], Iterable[dict[str, Any]]], over: Callable[[], bool]) -> None:
        """Go on until it is `over`, an outlet is, or the camera has ended.

        Args:
            commands: Those that came since it was called last.
            over: Whether to end.

        Raises:
            BlazeRigError: The camera can no longer be read.
        """
        while not over() and not any(outlet.over for outlet in self._outlets):
            for command in commands():
                self.obey(command)
            live = self._live.step(PATIENCE, self._ahead())
            if live is not None:
                self._send(live)
            self._tell()
            if live is None and self._live.over:
                break

    def obey(self, command: dict[str, Any]) -> None:
        """Do what a command says; one that is not understood is told of."""
        try:
            self._obey(command)
        except (BlazeRigError, KeyError, TypeError, ValueError) as error:
            said = str(error) if isinstance(error, BlazeRigError) else f"unknown command {command}"
            self._note(warning=said)

    def close(self) -> None:
        """Let go of camera and network, and write what was recorded."""
        self._live.close()
        if self._vmc is not None:
            self._vmc.close()
        for note in self.recordings.close():
            self._note(**note)

    def _obey(self, command: dict[str, Any]) -> None:
        match command:
            case {"calibrate": seconds}:
                self._calibrating = float(seconds)
                self._live.solvers.calibrate(self._calibrating)
            case {"record": path, "from": since}:
                self.recordings.begin(Path(path), float(since), command.get("audio"))
            case {"record_end": at}:
                self.recordings.stop(float(at))
            case {"picture": bool(wanted)}:
                for outlet in self._outlets:
                    outlet.pictures = wanted
            case {"predict": bool(wanted)}:
                self._predict = wanted
            case {"vmc": None}:
                self._send_to(None)
            case {"vmc": {"host": host, "port": port, "mirror": mirror, **more}}:
                from .vmc.expressions import VRM
                from .vmc.sender import VmcSender

                face = str(more.get("face", VRM))
                self._send_to(
                    VmcSender(str(host), int(port), mirror=bool(mirror), warn=self._warn, face=face)
                )
            case _:
                raise ValueError

    def _send_to(self, vmc: VmcSender | None) -> None:
        if self._vmc is not None:
            self._vmc.close()
        self._vmc = vmc

    def _ahead(self) -> float:
        return self.meter.latency(RECENT) if self._predict else 0.0

    def _send(self, live: LiveFrame) -> None:
        first, *others = self._outlets
        first.send(live)
        self.meter.add(live, time.perf_counter())
        if live.face is not None:
            self.face_figures.add(live.face)
        if self._vmc is not None:
            self._vmc.send(live.pose, live.face)
        for outlet in others:
            outlet.send(live)
        self.recordings.add(live)
        if self.meter.poses == 1:
            camera = self._live.camera
            about = {"name": camera.name, "size": camera.size, "fps": camera.fps}
            self._note(ready={**about, "provider": self._processor.provider})

    def _tell(self) -> None:
        """Of whatever changed."""
        for outlet in self._outlets:
            outlet.idle()
        for note in self.recordings.notes():
            self._note(**note)
        for warning in self._processor.warnings[self._warned :]:
            self._note(warning=warning)
        self._warned = len(self._processor.warnings)
        condition = self._live.camera.condition()
        if condition != self._condition:
            self._condition = condition
            self._note(condition=condition.state, message=condition.message)
        self._tell_now_and_then()

    def _tell_now_and_then(self) -> None:
        now = time.perf_counter()
        calibrating = self._live.solvers.calibrating
        done = self._calibrating > 0.0 and calibrating == 0.0
        if now < self._next_figures and not done:
            return
        self._next_figures = now + OFTEN
        self._note(figures=self.meter.figures(RECENT))
        if calibrating or done:
            self._note(calibrating=calibrating)
        if done and (came := self._live.solvers.calibrated):
            self._note(calibrated=came)
        self._calibrating = calibrating

    def _warn(self, text: str) -> None:
        self._note(warning=text)

    def _note(self, **note: Any) -> None:
        for outlet in self._outlets:
            outlet.note(**note)
