"""The built zip in every Blender: validated, installed from disk, used by a later process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import pytest

if TYPE_CHECKING:
    from conftest import Blender

Facts = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
FRAMES = 20
SLOTS = 52


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first frames of the sample clip, under a name that is not plain."""
    sample = next(iter(sorted((ROOT / "tests" / "sample").glob("*.mp4"))), None)
    if sample is None:
        pytest.skip("there is no sample clip in tests/sample")
    footage = cv2.VideoCapture(str(sample))
    size = int(footage.get(cv2.CAP_PROP_FRAME_WIDTH)), int(footage.get(cv2.CAP_PROP_FRAME_HEIGHT))
    path = tmp_path_factory.mktemp("footage") / "ein Größerer 短片.mp4"
    plain = path.with_name("clip.mp4")
    writer = cv2.VideoWriter(str(plain), cv2.VideoWriter.fourcc(*"mp4v"), 25.0, size)
    for _ in range(FRAMES):
        seen, frame = footage.read()
        assert seen
        writer.write(frame)
    writer.release()
    return plain.rename(path)


@pytest.fixture(scope="session")
def facts(blender: Blender, zips: dict[str, Path], clip: Path) -> Facts:
    """What happened when the zip was installed, and then used by another process (see use.py)."""
    installed = blender.run("install.py", zips[blender.tag])
    assert installed.returncode == 0, installed.stdout + installed.stderr
    path = blender.resources / "facts.json"
    used = blender.run("use.py", clip, path)
    assert used.returncode == 0, used.stdout + used.stderr
    return json.loads(path.read_text("utf-8"))


def test_the_zip_passes_blenders_own_validation(blender: Blender, zips: dict[str, Path]) -> None:
    command = [sys.executable, blender.validator(), "validate", zips[blender.tag]]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARN" not in done.stdout + done.stderr


def test_the_validator_would_say_what_is_wrong(blender: Blender, tmp_path: Path) -> None:
    path = tmp_path / "empty.zip"
    path.write_bytes(b"PK\x05\x06" + bytes(18))
    assert subprocess.run([sys.executable, blender.validator(), "validate", path]).returncode != 0


def test_wheels_come_from_the_zip_and_numpy_from_blender(facts: Facts, blender: Blender) -> None:
    for name, origin in facts["wheels"].items():
        assert Path(origin).is_relative_to(blender.resources), name
    version, origin = facts["numpy"]
    pins = (ROOT / "requirements" / f"blender-{blender.version}.txt").read_text("utf-8")
    assert f"numpy=={version}\n" in pins
    assert not Path(origin).is_relative_to(blender.resources)


def test_blender_itself_loads_neither_nets_nor_solver(facts: Facts) -> None:
    assert facts["loaded"] == []
    assert facts["same_path"]


def test_blender_knows_what_the_panel_is_drawn_with(facts: Facts) -> None:
    assert "placeholder" in facts["layout"]["prop"]
    assert {"factor", "text"} <= set(facts["layout"]["progress"])


def test_the_armature_gets_a_key_on_every_frame_of_the_scene_for_as_long_as_the_footage_lasts(
    facts: Facts,
) -> None:
    assert facts["good"] == "FINISHED"
    curves: dict[str, list[list[float]]] = facts["keys"]
    assert len(curves) == SLOTS * 4 + 3
    frames = range(11, 11 + (FRAMES - 1) * 50 // 25 + 1)
    for points in curves.values():
        assert [frame for frame, _ in points] == list(frames)
    assert facts["fps"] == 50


def test_the_keys_move(facts: Facts) -> None:
    moving = [
        max(v for _, v in points) - min(v for _, v in points) > 0.01 for points in facts["keys"].values()
    ]
    assert sum(moving) > 20


def test_a_take_that_was_kept_gives_the_same_keys_again(facts: Facts) -> None:
    assert facts["again"] == "FINISHED"
    assert facts["again_same"]


def test_takes_are_kept_and_nothing_else_is_left(facts: Facts, clip: Path) -> None:
    names = facts["takes"]
    assert [name for name in names if not name.endswith(".npz")] == ["worker.log"]
    assert len([name for name in names if name.startswith(clip.stem)]) == 1


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("no footage", "track footage, or import a take"),
        ("missing file", "nowhere.mp4 does not exist; choose a video"),
        ("text as video", "text.mp4"),
        ("cut short", "cut.mp4"),
        ("no such armature", "there is no armature 'Nobody'; this file has: Known, Strange"),
        ("unknown bones", "'Strange'"),
        ("nothing selected", "select the character's armature"),
    ],
)
def test_bad_input_is_answered_in_one_line(facts: Facts, case: str, words: str) -> None:
    said = facts["bad"][case]
    assert said.startswith("Error: ")
    assert words.lower() in said.lower()
    assert "\n" not in said
    assert "Traceback" not in said


def test_bad_input_changes_nothing(facts: Facts) -> None:
    assert not facts["bad_changed"]


def test_a_worker_that_is_killed_is_told_of_once_and_the_next_start_works(facts: Facts) -> None:
    assert "ended unexpectedly" in facts["killed"]
    assert "\n" not in facts["killed"]
    assert not facts["interrupted_changed"]
    assert facts["next"] == "FINISHED"


def test_a_capture_that_is_stopped_keeps_what_was_seen(facts: Facts) -> None:
    assert "kept as a take" in facts["stopped_said"]
    assert 0 < facts["stopped_kept"][-1] < FRAMES


def test_a_full_disk_is_told_of_and_leaves_nothing(facts: Facts) -> None:
    if facts["full"] is None:
        pytest.skip("limits on the size of files are Unix's")
    assert "cannot write" in facts["full"].lower()
    assert "\n" not in facts["full"]
    assert not facts["full_changed"]


def test_every_operator_runs(facts: Facts) -> None:
    recording = {"live_record", "live_record_stop", "live_follow", "finish_offline"}
    in_windows_only = {"cancel", "edit_contacts"} | recording
    assert set(facts["operators"]) == set(facts["known"]) - in_windows_only
    assert {name: said for name, said in facts["operators"].items() if said != "FINISHED"} == {}


def test_the_machine_is_tested_from_the_preferences(facts: Facts) -> None:
    assert facts["doctor"][-1].startswith("tracking works, on ")


def test_the_add_on_goes_and_comes_back(facts: Facts) -> None:
    assert facts["alive"] == [True, True]
