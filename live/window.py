"""A window that shows what the camera sees, with the landmarks over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2

from ..errors import BlazeRigError
from ..models.overlay import draw
from ..models.roi import Picture
from .frame import LiveFrame

if TYPE_CHECKING:
    import tkinter

WIDTH = 640
"""Of what is shown, px."""
PAUSE = 1.0 / 15.0
"""Seconds from one picture to the next, at least."""


class Window:
    """Shows frames until it is closed. To be used by the program's first thread, as the system wants it."""

    def __init__(self, *, mirror: bool) -> None:
        """Open it; with `mirror` it shows what a mirror would.

        Raises:
            BlazeRigError: This Python or this machine has no windows.
        """
        self.over, self.pictures = False, True
        self._mirror = mirror
        self._next = 0.0
        self._window, self._label = _opened(self._closed)
        self._shown: tkinter.PhotoImage | None = None

    def send(self, live: LiveFrame) -> None:
        """Show a frame, unless one was shown a moment ago."""
        if self.over or live.frame.time < self._next:
            return
        import tkinter

        self._next = live.frame.time + PAUSE
        self._shown = tkinter.PhotoImage(data=ppm(shown(live, mirror=self._mirror)), format="PPM")
        self._label.configure(image=self._shown)

    def note(self, **note: Any) -> None:
        """The condition of the camera stands in the title."""
        match note:
            case {"condition": state} if not self.over:
                self._window.title(f"BlazeRig: {state}")
            case _:
                pass

    def idle(self) -> None:
        """Let the window draw itself and see whether it was closed."""
        if not self.over:
            self._window.update()

    def close(self) -> None:
        """Close it."""
        if not self.over:
            self._closed()

    def _closed(self) -> None:
        self.over = True
        self._window.destroy()


def _opened(closed: Any) -> tuple[tkinter.Tk, tkinter.Label]:
    try:
        import tkinter
    except ImportError as error:
        raise BlazeRigError(
            "there is no window: this Python has no tkinter; install it (python3-tk) or leave out --show"
        ) from error
    try:
        window = tkinter.Tk()
    except tkinter.TclError as error:
        raise BlazeRigError(
            f"there is no window: {error}; leave out --show where there is no screen"
        ) from error
    window.title("BlazeRig")
    window.protocol("WM_DELETE_WINDOW", closed)
    label = tkinter.Label(window, borderwidth=0)
    label.pack()
    return window, label


def shown(live: LiveFrame, *, mirror: bool) -> Picture:
    """A frame as it is shown, BGR."""
    height, width = live.frame.picture.shape[:2]
    size = min(width, WIDTH), max(1, round(min(width, WIDTH) * height / width))
    picture = draw(cv2.resize(live.frame.picture, size, interpolation=cv2.INTER_AREA), live.seen, 0)  # pyright: ignore[reportArgumentType]
    return picture[:, ::-1] if mirror else picture


def ppm(picture: Picture) -> bytes:
    """A BGR picture as a file that every window system reads: netpbm's PPM."""
    height, width = picture.shape[:2]
    return b"P6 %d %d 255 " % (width, height) + picture[..., ::-1].tobytes()
