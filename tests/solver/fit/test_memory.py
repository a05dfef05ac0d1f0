"""What a step of the fit frees is there for the next one, without asking the system."""

import platform
import subprocess
import sys

import pytest

SCRIPT = """
import resource
import numpy as np
from blazerig.solver.fit.memory import keep_freed

def asked():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):
        np.ones(1 << 20), np.ones(1 << 20)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

asked()
before = asked()
keep_freed()
asked()
print(before, asked())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc learns what to keep")
def test_pages_that_were_freed_are_kept():
    said = subprocess.run(
        [sys.executable, "-P", "-c", SCRIPT], check=True, capture_output=True, encoding="utf-8", env={}
    ).stdout
    before, after = map(int, said.split())
    assert after < before / 10
