"""What all tests share: settings and caches in folders of their own, and an end that does not hang."""

from __future__ import annotations

import os
import sys
import tempfile

import pytest

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as on the command line, see __main__.py
_settings = tempfile.TemporaryDirectory(prefix="blazerig-blender-")
os.environ.setdefault("BLENDER_USER_RESOURCES", _settings.name)
_caches = tempfile.TemporaryDirectory(prefix="blazerig-caches-")
os.environ["BLAZERIG_CACHE"] = _caches.name

_status = 0


def pytest_sessionfinish(exitstatus: int) -> None:
    global _status
    _status = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """End at once where Blender was loaded: its module may hang while Python shuts down."""
    _settings.cleanup()
    _caches.cleanup()
    if "bpy" in sys.modules:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(_status)
