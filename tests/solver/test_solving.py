"""The process that solves for the add-on: what it says, what it writes, how it ends."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from blazerig.solver.edits import Edits
from blazerig.solver.motion import load_motion
from blazerig.solver.settings import Settings
from blazerig.solver.settings_file import save_settings
from blazerig.solver.stages import BEHIND
from blazerig.take import save_take

PARENT = Path(__file__).resolve().parents[3]


def started(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "blazerig.solving", *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": str(PARENT), "OPENBLAS_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )


@pytest.fixture
def take(filmed, stance, tmp_path):
    save_take(filmed(stance()), tmp_path / "take.npz")
    return tmp_path / "take.npz"


def test_it_says_what_it_does_and_writes_what_the_settings_ask_for(take, tmp_path):
    said, motion = tmp_path / "said.toml", tmp_path / "motion.npz"
    save_settings(Settings(height=1.5, edits=Edits({"left_foot": ((0.2, 0.4),)})), said)
    process = started(take, motion, said)
    assert process.stdout is not None
    *stages, last = [json.loads(line) for line in process.stdout]
    assert process.wait() == 0
    assert stages == [{"stage": stage, "share": share} for stage, share in BEHIND.items()]
    assert last == {"motion": str(motion)}
    stands = load_motion(motion).contacts[:, :2].any(1)
    np.testing.assert_array_equal(np.flatnonzero(stands), np.arange(6, 13))


def test_the_share_of_the_work_grows():
    assert sorted(BEHIND.values()) == list(BEHIND.values())
    assert next(iter(BEHIND.values())) == 0.0


def test_what_it_cannot_do_is_said(take, tmp_path):
    for arguments, said in (
        ((tmp_path / "none.npz", tmp_path / "a.npz"), "does not exist"),
        ((take, tmp_path / "a.npz", tmp_path / "none.toml"), "does not exist"),
        ((take, tmp_path / "none" / "a.npz"), "cannot write"),
    ):
        process = started(*arguments)
        assert process.stdout is not None
        assert said in json.loads(process.stdout.readlines()[-1])["error"]
        assert process.wait() == 1


def test_it_ends_at_once_when_its_input_is_closed(filmed, random_motion, tmp_path):
    save_take(filmed(random_motion(0, 1500)), tmp_path / "long.npz")
    process = started(tmp_path / "long.npz", tmp_path / "motion.npz")
    assert process.stdin is not None
    assert process.stdout is not None
    while json.loads(process.stdout.readline())["stage"] != "body":
        pass
    time.sleep(1.0)
    asked = time.monotonic()
    process.stdin.close()
    assert process.wait() == 130
    assert time.monotonic() - asked < 0.5
    assert [path.name for path in tmp_path.iterdir()] == ["long.npz"]
