"""The humanoid's BVH, read back."""

import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.solver.bvh import Y_UP_FROM_WORLD, write_bvh
from blazerig.solver.humanoid import INDEX, SLOTS, joint_positions
from scipy.spatial.transform import Rotation


def read(path):
    """Joint positions (F, J, 3) by name, and the frame time, of a BVH."""
    names, parents, offsets, channels, stack, in_end = [], [], [], [], [], False
    lines = iter(path.read_text().split("\n"))
    for line in lines:
        words = line.split()
        if not words:
            continue
        if words[0] in ("ROOT", "JOINT"):
            names.append(words[1])
            parents.append(stack[-1] if stack else -1)
        elif words[0] == "End":
            in_end = True
        elif words[0] == "{":
            stack.append(None if in_end else len(names) - 1)
        elif words[0] == "}":
            in_end = False
            stack.pop()
        elif words[0] == "OFFSET" and not in_end:
            offsets.append([float(w) for w in words[1:]])
        elif words[0] == "CHANNELS":
            channels.append(words[2:])
        elif words[0] == "Frames:":
            frames = int(words[1])
        elif words[0] == "Frame":
            step = float(words[2])
            break
    rows = np.array([[float(w) for w in line.split()] for line in lines if line.strip()])
    assert len(rows) == frames
    positions, turns, at = {}, [], 0
    for i, (name, names_of_channels) in enumerate(zip(names, channels, strict=True)):
        values = rows[:, at : at + len(names_of_channels)]
        at += len(names_of_channels)
        order = "".join(c[0] for c in names_of_channels if c.endswith("rotation"))
        own = Rotation.from_euler(order, values[:, -3:], degrees=True)
        if parents[i] < 0:
            positions[name] = values[:, :3]
            turns.append(own)
        else:
            above = turns[parents[i]]
            positions[name] = positions[names[parents[i]]] + above.apply(offsets[i])
            turns.append(above * own)
    return positions, step


def test_a_motion_comes_back_from_its_file(random_motion, tmp_path):
    pose = random_motion(0)
    write_bvh(pose, tmp_path / "motion.bvh")
    positions, step = read(tmp_path / "motion.bvh")
    assert step == pytest.approx(1 / 30)
    joints = joint_positions(pose.rotations, pose.hips, pose.rest) @ Y_UP_FROM_WORLD.T
    for slot in SLOTS:
        np.testing.assert_allclose(positions[slot], joints[:, INDEX[slot]], atol=2e-5)


def test_footage_of_a_variable_rate_is_resampled_to_its_mean(random_motion, tmp_path):
    import dataclasses

    pose = random_motion(0)
    keep = np.array([i for i in range(60) if i % 3 or i == 0])
    part = dataclasses.replace(
        pose, times=pose.times[keep], rotations=pose.rotations[keep], hips=pose.hips[keep]
    )
    write_bvh(part, tmp_path / "motion.bvh")
    positions, step = read(tmp_path / "motion.bvh")
    assert len(positions["hips"]) == len(keep)
    assert step * (len(keep) - 1) == pytest.approx(part.times[-1] - part.times[0])
    np.testing.assert_allclose(positions["hips"][[0, -1]], part.hips[[0, -1]] @ Y_UP_FROM_WORLD.T, atol=1e-5)


def test_a_file_that_cannot_be_written_is_one_clear_error_and_leaves_nothing(random_motion, tmp_path):
    with pytest.raises(BlazeRigError, match="cannot write"):
        write_bvh(random_motion(0), tmp_path / "missing" / "motion.bvh")
    assert list(tmp_path.iterdir()) == []


def test_in_centimetres_all_lengths_are_a_hundred_times_those_in_metres(random_motion, tmp_path):
    pose = random_motion(0)
    write_bvh(pose, tmp_path / "metres.bvh")
    write_bvh(pose, tmp_path / "centimetres.bvh", units="cm")
    metres, _ = read(tmp_path / "metres.bvh")
    centimetres, _ = read(tmp_path / "centimetres.bvh")
    for slot in SLOTS:
        np.testing.assert_allclose(centimetres[slot], 100.0 * metres[slot], atol=2e-3)
