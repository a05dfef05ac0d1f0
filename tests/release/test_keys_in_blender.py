"""Keys and exports in every Blender that is supported, which keep animation in different ways."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = Path(__file__).with_name("in_blender") / "keys.py"
VERSIONS = ("4.2", "4.5", "5.0", "5.2")


@pytest.fixture(scope="module", params=VERSIONS)
def facts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What keys.py wrote down."""
    folder = ROOT / f".venv-bpy{request.param.replace('.', '')}"
    python = next(
        (path for path in (folder / "bin/python", folder / "Scripts/python.exe") if path.exists()), None
    )
    if python is None:
        pytest.skip(f"{folder.name} is not there: build.py blenders makes it")
    out = tmp_path_factory.mktemp(f"keys-{request.param}")
    (out / "path").mkdir()
    (out / "path" / "blazerig").symlink_to(ROOT, target_is_directory=True)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    environment |= {"PYTHONPATH": str(out / "path"), "BLENDER_USER_RESOURCES": str(out / "user")}
    done = subprocess.run(
        [python, "-P", SCRIPT, out, out / "facts.json"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads((out / "facts.json").read_text("utf-8"))


def test_every_rotation_mode_and_a_strip_show_what_quaternions_in_a_new_action_show(
    facts: dict[str, Any],
) -> None:
    assert facts["modes"] < 1e-5
    assert facts["strip"] < 1e-5
    assert facts["track"] == ["walk"]


def test_fewer_keys_are_as_far_off_as_is_said(facts: dict[str, Any]) -> None:
    keys, dense, degrees, millimetres = facts["fewer"]
    assert keys < 0.4 * dense
    assert degrees <= 0.5
    assert millimetres <= 1.0
    assert facts["fewer_shown"] <= degrees + 0.01


def test_a_replaced_range_shows_the_motion_and_outside_of_it_no_bit_is_changed(
    facts: dict[str, Any],
) -> None:
    assert facts["range_outside_same"]
    assert facts["range_inside"] < 1e-5
    assert facts["range_far_outside"] < 1e-5


def test_every_kind_of_export_is_written(facts: dict[str, Any]) -> None:
    assert len(facts["exports"]) == 6
    assert min(facts["exports"].values()) > 1000


def test_ten_thousand_frames_of_60_bones_are_keyed_ten_times_as_fast_as_one_by_one(
    facts: dict[str, Any],
) -> None:
    assert 10.0 * facts["seconds"] < facts["one_by_one"]
