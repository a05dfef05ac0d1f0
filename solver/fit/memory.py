"""Memory that a step of the fit frees is kept for the next one."""

from __future__ import annotations

import numpy as np

LARGE = 31 << 20
"""Bytes; from 32 MiB on glibc learns nothing (DEFAULT_MMAP_THRESHOLD_MAX, mallopt(3))."""


def keep_freed() -> None:
    """Let the C library keep what is freed, where it gives large arrays back to the system at once.

    Each step needs the same tens of MB, and pages that the system hands out anew cost a fifth of its time.
    glibc keeps as much as twice the largest block that was freed so far, for the whole process; this one is
    freed without being touched. Elsewhere nothing changes.
    """
    np.empty(LARGE, np.uint8)
