"""Long work that can be given up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

LOOK = 0.05
"""Seconds from one look at whether it is over to the next."""
T = TypeVar("T")


def unless(over: Callable[[], bool], work: Callable[[], T]) -> T:
    """What `work` gives. A thread does it: drivers may hang, of a camera or of a GPU.

    Raises:
        KeyboardInterrupt: It was `over` before; the thread is left to itself.
    """
    done: Future[T] = Future()
    threading.Thread(target=_do, args=(work, done), daemon=True).start()
    while not over():
        try:
            return done.result(LOOK)
        except TimeoutError:
            if done.done():
                raise
    raise KeyboardInterrupt


def _do(work: Callable[[], T], done: Future[T]) -> None:
    try:
        done.set_result(work())
    except BaseException as failure:
        done.set_exception(failure)
