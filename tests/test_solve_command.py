"""`blazerig solve` and its settings: what is written, and one line for what is wrong."""

from __future__ import annotations

import dataclasses
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from blazerig.__main__ import answer, parser
from blazerig.solver.height import standing_height
from blazerig.solver.motion import load_motion
from blazerig.take import save_take

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = next(iter(sorted((ROOT / "tests" / "sample").glob("*.mp4"))), None)


def known_motion():
    """A take of the performer of known motion whom the solver's tests have."""
    spec = importlib.util.spec_from_file_location("known", ROOT / "tests" / "solver" / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.film(module.wandering(3, frames=20))


@pytest.fixture(scope="session")
def take():
    return known_motion()


@pytest.fixture
def desk(take, tmp_path, monkeypatch):
    """A folder with good and bad files, in which the commands run."""
    monkeypatch.chdir(tmp_path)
    save_take(take, "take.npz")
    gone = {name: np.full_like(getattr(take, name), np.nan) for name in ("body_image", "body_world")}
    save_take(dataclasses.replace(take, **gone), "nobody.npz")
    Path("cut.npz").write_bytes(Path("take.npz").read_bytes()[:-3000])
    Path("empty.npz").touch()
    Path("text.npz").write_text("no take")
    np.savez("other.npz", version=np.int32(1), rotations=np.zeros((3, 52, 4)))
    Path("tall.toml").write_text("height = 1.9\n")
    Path("wrong.toml").write_text("heigth = 1.9\n")
    Path("giant.toml").write_text("height = 17\n")
    return tmp_path


def solve(*arguments):
    """The exit code of the command, run here."""
    return answer(parser().parse_args(["solve", *map(str, arguments)]))


def refused(capsys, *arguments):
    """The one line that bad input gets; nothing is written."""
    before = sorted(Path().iterdir())
    assert solve(*arguments) == 1
    assert sorted(Path().iterdir()) == before
    (line,) = capsys.readouterr().err.splitlines()
    return line


@pytest.mark.usefixtures("desk")
def test_a_take_becomes_a_motion_and_a_report(take, capsys):
    assert solve("take.npz", "-o", "motion.npz", "--report", "report.html") == 0
    assert capsys.readouterr().out == "motion.npz, report.html: 20 frames of a known motion\n"
    assert load_motion("motion.npz").pose.times.tolist() == take.times.tolist()
    assert Path("report.html").read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.usefixtures("desk")
def test_a_take_becomes_a_bvh_in_metres_or_centimetres():
    assert solve("take.npz", "-o", "metres.bvh") == 0
    assert solve("take.npz", "-o", "centimetres.bvh", "--units", "cm") == 0
    hips = [
        float(Path(name).read_text().split("Frame Time:")[1].split()[2])
        for name in ("metres.bvh", "centimetres.bvh")
    ]
    assert hips[1] == pytest.approx(100 * hips[0], abs=1e-3)
    assert 0.5 < hips[0] < 1.5


@pytest.mark.usefixtures("desk")
def test_the_settings_of_the_file_count():
    assert solve("take.npz", "-o", "motion.npz", "--settings", "tall.toml") == 0
    assert standing_height(load_motion("motion.npz").pose.rest) == pytest.approx(1.9)


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.npz", "-o", "m.npz"], "none.npz does not exist"),
        (["none.mp4", "-o", "m.npz"], "none.mp4 does not exist"),
        (["empty.npz", "-o", "m.npz"], "empty.npz is no take"),
        (["cut.npz", "-o", "m.npz"], "cut.npz is no take"),
        (["text.npz", "-o", "m.npz"], "text.npz is no take"),
        (["other.npz", "-o", "m.npz"], "other.npz is no take: it has no 'body_world'.*blazerig track"),
        (["nobody.npz", "-o", "m.npz"], "nobody was seen"),
        (["take.npz", "-o", "nowhere/m.npz"], "cannot write nowhere"),
        (["take.npz", "-o", "m.bvh", "--report", "nowhere/r.html"], "cannot write nowhere"),
        (["take.npz", "-o", "take.npz"], "take.npz is the take itself"),
        (["take.npz", "-o", "m.npz", "--settings", "none.toml"], "none.toml does not exist"),
        (["take.npz", "-o", "m.npz", "--settings", "wrong.toml"], "'heigth'; did you mean 'height'"),
        (["take.npz", "-o", "m.npz", "--settings", "giant.toml"], "height is 17; give metres, 0.5 to 2.5"),
        (["take.npz", "-o", "m.npz", "--report", "r.html", "--footage", "a.mp4"], "a.mp4 does not exist"),
        (["take.npz", "-o", "m.npz", "--report", "r.html", "--footage", SAMPLE], "name that with --footage"),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, list) else "",
)  # fmt: skip
def test_what_is_wrong_is_said_before_anything_is_written(arguments, said, capsys):
    assert re.search(said, refused(capsys, *arguments))


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["take.npz", "-o", "m.fbx"], "'m.fbx' must end with .npz or .bvh"),
        (["take.npz", "-o", "m.npz", "--units", "cm"], "--units"),
        (["take.npz", "-o", "m.bvh", "--units", "inch"], "--units"),
        (["take.npz", "-o", "m.bvh", "--footage", "a.mp4"], "--report"),
        (["take.npz", "-o", "m.bvh", "--report", "r.pdf"], "'r.pdf' must end with .html"),
        (["take.npz", "-o", "m.bvh", "--settings", "s.json"], "'s.json' must end with .toml"),
    ],
)
def test_a_command_line_that_makes_no_sense_is_told_in_one_line(arguments, said, capsys):
    with pytest.raises(SystemExit) as ended:
        solve(*arguments)
    assert ended.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


@pytest.mark.parametrize("name", ["m.npz", "m.bvh"])
def test_a_full_disk_leaves_no_motion_and_says_so(desk, name):
    resource = pytest.importorskip("resource", reason="limits on the size of files are Unix's")
    before = sorted(desk.iterdir())
    ended = subprocess.run(
        [sys.executable, "-P", "-m", "blazerig", "solve", "take.npz", "-o", name],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
    )
    assert ended.returncode == 1
    assert re.fullmatch(rf"blazerig: cannot write {name}: .*\n", ended.stderr)
    assert sorted(desk.iterdir()) == before


def test_retarget_takes_settings_and_refuses_wrong_ones_before_blender_is_loaded(desk, capsys):
    options = ["retarget", "take.npz", "-o", "out.blend", "--settings", "giant.toml"]
    assert answer(parser().parse_args(options)) == 1
    assert "height is 17; give metres" in capsys.readouterr().err
    assert not (desk / "out.blend").exists()


@pytest.mark.usefixtures("desk")
def test_a_report_finds_the_footage_beside_the_take(take, make_clip):
    save_take(dataclasses.replace(take, source="clip.avi"), "take.npz")
    make_clip("clip.avi", take)
    assert solve("take.npz", "-o", "m.npz", "--report", "r.html") == 0
    assert "data:image/jpeg" in Path("r.html").read_text("utf-8")


@pytest.mark.usefixtures("desk")
def test_footage_beside_the_take_that_is_not_its_own_is_left_out_with_a_warning(take, make_clip, capsys):
    save_take(dataclasses.replace(take, source="clip.avi"), "take.npz")
    make_clip("clip.avi", dataclasses.replace(take, size=np.array([320, 240])))
    assert solve("take.npz", "-o", "m.npz", "--report", "r.html") == 0
    assert "goes without pictures: clip.avi is 320x240" in capsys.readouterr().err
    assert "data:image/jpeg" not in Path("r.html").read_text("utf-8")


@pytest.fixture
def make_clip():
    import cv2

    def make(name, take):
        size = tuple(int(length) for length in take.size)
        writer = cv2.VideoWriter(name, cv2.VideoWriter_fourcc(*"MJPG"), take.fps, size)
        for _ in range(len(take)):
            writer.write(np.full((size[1], size[0], 3), 90, np.uint8))
        writer.release()

    return make
