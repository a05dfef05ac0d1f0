"""The measure itself: what is exact measures 0, what was put in by hand comes out."""

from __future__ import annotations

import dataclasses
import importlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from blazerig.solver import rotations
from blazerig.solver.humanoid import INDEX, joint_positions

ROOT = Path(__file__).resolve().parents[1]
BENCH = ROOT / "tests" / "bench_truth"
SHARED = Path(os.environ.get("BLAZERIG_SHARED", ROOT.parent / "shared"))
MODULES = [path.stem for path in BENCH.glob("*.py")]


@pytest.fixture
def bench():
    """Imports a module of the benchmark, which is no package."""
    sys.path.insert(0, str(BENCH))
    yield importlib.import_module
    sys.path.remove(str(BENCH))  # and nothing else: what bpy added when it was loaded is still needed
    for name in MODULES:
        sys.modules.pop(name, None)


@pytest.fixture
def shared():
    if not (SHARED / "synth" / "dev").is_dir():
        pytest.skip(f"there are no clips with truth at {SHARED}")
    return SHARED


def test_a_figure_is_met_at_its_goal_and_missed_beyond(bench):
    row = bench("table").Row
    assert [row("a", ours, 3.0).met for ours in (2.9, 3.0, 3.1, None)] == [True, True, False, None]
    assert [row("a", ours, 300, at_least=True).met for ours in (299, 300)] == [False, True]
    assert row("a", 1.0).met is None


def test_every_line_of_the_table_has_the_same_columns(bench):
    table = bench("table")
    row = table.Row("what", 1.234, 2, 150.0, clips={"walk": 0.0321}, note="so")
    text = "\n".join([table.head(["walk"]), table.section("title", ["walk"]), *table.lines([row], ["walk"])])
    assert {line.count("|") for line in text.splitlines()} == {8}
    assert " ≤ 2 " in text
    assert " 0.032 " in text


def test_known_motions_differ_from_themselves_by_nothing_and_by_what_was_added(bench):
    known = bench("known")
    pose = known.filming().wandering(1)
    assert known.swing(pose, pose) < 1e-6
    assert known.twist(pose, pose) < 1e-6
    assert known.root(pose, pose) < 1e-9
    assert known.knees(pose, pose) < 1e-6
    turned = pose.rotations.copy()
    for slot in ("leftUpperArm", "rightUpperArm", "leftUpperLeg", "rightUpperLeg"):
        along = (0.0, 0.0, -1.0) if "Leg" in slot else (1.0, 0.0, 0.0)
        twist = rotations.from_axis_angle(along, np.radians(10.0))
        turned[:, INDEX[slot]] = rotations.multiply(turned[:, INDEX[slot]], twist)
    twisted = dataclasses.replace(pose, rotations=turned, hips=pose.hips + np.array([5.0, -3.0, 0.02]))
    assert known.twist(twisted, pose) == pytest.approx(10.0, abs=1e-6)
    assert known.swing(twisted, pose) < 1e-6
    assert known.root(twisted, pose) == pytest.approx(20.0)


def test_captures_stand_on_the_floor_face_the_camera_and_bend_about_their_hinges(bench, shared):
    mocap = bench("mocap")
    paths = sorted((shared / "media" / "mocap" / "bvh").glob("*.bvh"))
    assert paths
    for path in paths:
        pose = mocap.humanoid(mocap.read_bvh(path), start=0.5, seconds=1.0)
        points = joint_positions(pose.rotations, pose.hips, pose.rest)
        feet = [INDEX[f"{side}{part}"] for side in ("left", "right") for part in ("Foot", "Toes")]
        assert (points[:, feet, 2] - pose.rest[feet, 2]).min() == pytest.approx(0.0, abs=1e-9)
        middle = points[len(points) // 2]
        assert middle[INDEX["leftUpperLeg"], 0] > middle[INDEX["rightUpperLeg"], 0]
        assert (points[:, INDEX["head"], 2] > points[:, INDEX["leftFoot"], 2]).all()
        for upper, lower in (("UpperLeg", "LowerLeg"), ("UpperArm", "LowerArm")):
            first, second = (pose.rotations[:, INDEX[f"left{slot}"]] for slot in (upper, lower))
            local = rotations.to_vector(rotations.multiply(rotations.inverse(first), second))
            hinge = np.array([1.0, 0, 0]) if upper == "UpperLeg" else np.array([0, 0, -1.0])
            np.testing.assert_allclose(local - (local @ hinge)[:, None] * hinge, 0.0, atol=1e-7)
            assert (local @ hinge > -1e-7).all()


def test_the_truth_keyed_onto_its_own_character_scores_nothing_and_flies_when_it_does(
    bench, shared, tmp_path
):
    pytest.importorskip("bpy", reason="the soles are read with Blender")
    feet, clips = bench("feet"), bench("clips")
    folder = shared / "synth" / "dev" / "jacks"
    with np.load(folder / "truth.npz") as file:
        truth = dict(file)
    character = shared / "synth" / "characters" / str(truth["character"])
    clip = clips.Clip("jacks", folder, truth, None, clips._soles(shared, character, folder, tmp_path))
    found = clips.score(truth["pose"].astype(float), clip, shared)
    assert found["yaw"]["groups"]["all body"]["orientation"]["mean"] < 0.01
    np.testing.assert_allclose(feet.lowest(truth["pose"].astype(float), clip), truth["sole_low"], atol=0.002)


def test_flights_are_compared_by_their_first_and_last_frames(bench):
    feet = bench("feet")
    assert feet.runs(np.array([1, 1, 0, 0, 1, 0, 1], bool)) == [(0, 1), (4, 4), (6, 6)]
    assert feet.runs(np.zeros(4, bool)) == []
    assert feet._miss((10, 20), [(9, 22), (40, 50)]) == 2.0
    assert feet._miss((10, 20), [(90, 99)]) == 11.0
    assert feet._miss((10, 20), []) == 11.0


@dataclass(frozen=True)
class _Parts:
    hinges: bool = True
    limits: bool = True
    strength: float = 1.0


@dataclass(frozen=True)
class _Settings:
    lock_feet: bool = True
    height: float | None = None
    parts: _Parts = _Parts()


def test_every_switch_is_switched_off_alone(bench, monkeypatch):
    ablation = bench("ablation")
    monkeypatch.setattr(ablation, "DEFAULTS", _Settings())
    assert ablation.switched_off() == {
        "lock_feet": _Settings(lock_feet=False),
        "hinges": _Settings(parts=_Parts(hinges=False)),
        "limits": _Settings(parts=_Parts(limits=False)),
    }


def test_a_folder_without_clips_is_told_in_one_line(tmp_path):
    command = [sys.executable, ROOT / "build.py", "bench-truth", tmp_path, "--quick"]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == 1
    said = f"build.py: {tmp_path}/synth/dev does not exist; name the folder of synth/ and media/\n"
    assert ended.stderr == said


def test_a_point_that_three_views_agree_on_is_found_though_a_fourth_lies(bench):
    seated = bench("seated")
    point = np.array([0.3, -0.2, 2.5])
    views, slopes = [], []
    for place in np.array([[0.0, 0.0, 0.0], [0.9, 0.0, 0.3], [-0.8, 0.4, 0.2], [0.1, -0.9, 0.1]]):
        turned = rotations.to_matrix(rotations.from_vector(0.1 * place[::-1]))
        views.append(seated.View(np.eye(3), np.zeros(5), turned, -turned @ place))
        seen = turned @ (point - place)
        slopes.append(seen[:2] / seen[2])
    slopes[2] = slopes[2] + 0.2
    rays = np.array(slopes)[:, None, None]
    sure = np.ones((4, 1, 1), bool)
    assert seated.triangulated(views, rays, sure) == pytest.approx(point[None, None], abs=1e-9)
    sure[0] = False
    assert np.isnan(seated.triangulated(views, rays, sure)).all()


def test_the_errors_of_arms_are_those_that_were_put_in(bench):
    seated = bench("seated")
    truth = np.random.default_rng(0).normal(size=(5, 33, 3))
    assert seated.errors(truth, truth) == pytest.approx((0.0, 0.0), abs=1e-5)
    turned = rotations.rotate(rotations.from_axis_angle([0.0, 0.0, 1.0], 0.2), truth)
    assert 0.0 < seated.errors(turned, truth)[0] <= np.degrees(0.2)
    assert seated.errors(turned, truth)[1] == pytest.approx(0.0, abs=1e-5)


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_palm_seen_by_many_is_turned_as_it_was(bench, mirrored):
    seated = bench("seated")
    turned = rotations.from_vector([0.3, -0.8, 0.5])
    model = seated.PALM_SHAPE * ([-1.0, 1.0, 1.0] if mirrored else [1.0, 1.0, 1.0])
    points = 0.09 * rotations.rotate(turned, model) + [0.2, 0.1, 1.5]
    found = seated.turned_palm(points, mirrored=mirrored)
    assert rotations.angle_between(found, turned) == pytest.approx(0.0, abs=1e-6)
    points[3, 1] = np.nan
    assert np.isnan(seated.turned_palm(points, mirrored=mirrored)).all()
