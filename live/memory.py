"""How much memory this process holds."""

from __future__ import annotations

import os
from pathlib import Path

from ..models.bench import peak_memory

_STATM = Path("/proc/self/statm")


def resident() -> float | None:
    """Resident memory, MB; the greatest so far where the system tells only that, None where nothing."""
    if not _STATM.is_file():
        return peak_memory()
    pages = int(_STATM.read_text("ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)
