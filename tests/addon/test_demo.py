"""The main job on the beginning of the sample clip, as a user would run it, and its film."""

import subprocess
import sys
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.models.film import write_film
from blazerig.take import Hand, Take, load_take

SAMPLE = Path(__file__).resolve().parents[1] / "sample" / "steps.mp4"
LOOK = """
import sys, os, bpy
bpy.ops.wm.open_mainfile(filepath=sys.argv[1])
scene, rig, footage = bpy.context.scene, bpy.data.objects["Mannequin"], bpy.data.objects["Footage"]
print("SAID", scene.render.fps / scene.render.fps_base, scene.frame_start, scene.frame_end)
found = os.path.isfile(bpy.path.abspath(footage.data.filepath))
print("SAID", bool(rig.animation_data.action), footage.data.source, found)
print("SAID", scene.camera is not None, any(text.use_module for text in bpy.data.texts))
sys.stdout.flush()
os._exit(0)
"""


def run(*arguments):
    return subprocess.run(
        [sys.executable, *map(str, arguments)], capture_output=True, text=True, timeout=400, check=False
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    out = tmp_path_factory.mktemp("demo") / "made"
    return out, run("-m", "blazerig", "demo", SAMPLE, "--out", out, "--seconds", "0.2")


def test_it_leaves_its_four_files_and_says_so(made):
    out, done = made
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in out.iterdir()) == ["demo.blend", "demo.bvh", "demo.mp4", "demo.npz"]
    said = done.stdout.splitlines()[-3:]
    assert "6 frames" in said[0]
    assert "cpu" in said[0]
    assert "Rigify" in said[1]
    assert str(out / "demo.mp4") in said[2]


def test_the_take_is_that_of_the_footage(made):
    take = load_take(made[0] / "demo.npz")
    np.testing.assert_allclose(take.times, np.arange(6) / 30, atol=1e-3)
    assert np.isfinite(take.body_world).all()


def test_the_film_shows_both_side_by_side_on_the_footages_clock(made):
    with av.open(str(made[0] / "demo.mp4")) as film:
        frames = list(film.decode(video=0))
    assert frames[0].height == 480
    assert frames[0].width == 640 + 480
    np.testing.assert_allclose([frame.time for frame in frames], [0.0, 2 / 30, 4 / 30], atol=0.002)
    left, right = np.split(frames[0].to_ndarray(format="rgb24").astype(float), [640], axis=1)
    assert right.std() > 10.0  # a character, not an empty picture
    assert left.std() > 10.0


def test_the_blend_opens_with_the_character_animated_and_the_footage_beside_it(made, tmp_path):
    script = tmp_path / "look.py"
    script.write_text(LOOK)
    said = [
        line[5:]
        for line in run(script, made[0] / "demo.blend").stdout.splitlines()
        if line.startswith("SAID")
    ]
    assert said == ["30.0 1 6", "True MOVIE True", "True False"]


def test_the_bvh_has_the_humanoids_joints(made):
    text = (made[0] / "demo.bvh").read_text()
    assert "ROOT hips" in text
    assert "JOINT leftLittleDistal" in text
    assert "Frames: 6" in text


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    done = run("-m", "blazerig", "demo", SAMPLE, "--out", tmp_path / "file" / "demo")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "cannot write to" in done.stderr


def test_a_picture_that_was_not_rendered_is_told(tmp_path):
    nothing = Hand(np.full((2, 21, 3), np.nan), np.full((2, 21, 3), np.nan), np.full(2, np.nan))
    body = np.full((2, 33, 3), np.nan)
    take = Take(
        "steps.mp4",
        30.0,
        np.array([0.0, 1 / 30]),
        np.array([640, 480]),
        body,
        body,
        body[..., 0],
        body[..., 0],
        nothing,
        nothing,
    )
    cv2.imwrite(str(tmp_path / "0.png"), np.zeros((480, 480, 3), np.uint8))
    with pytest.raises(BlazeRigError, match="rendered picture is missing"):
        write_film(tmp_path / "f.mp4", SAMPLE, take, [0, 1], [tmp_path / "0.png", tmp_path / "1.png"])
