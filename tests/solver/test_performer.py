"""The performer's humanoid, made of the lengths that were measured."""

import numpy as np
import pytest
from blazerig.solver.fit.skeleton import LENGTHS
from blazerig.solver.humanoid import INDEX, PARENTS, SLOTS, rest_pose
from blazerig.solver.performer import performer_rest

BONES = {
    "shoulders": "UpperArm",
    "upperArm": "LowerArm",
    "forearm": "Hand",
    "thigh": "LowerLeg",
    "shin": "Foot",
    "foot": "Toes",
    "hand": "IndexIntermediate",
}
"""A slot at the end of a bone of each of these lengths."""


def lengths(**longer):
    return np.array([np.log(longer.get(name, 1.0)) for name in LENGTHS])


def bone_lengths(rest):
    parents = [max(parent, 0) for parent in PARENTS]
    return np.linalg.norm(rest - rest[parents], axis=-1)


def test_a_standard_performer_is_the_standard_person():
    np.testing.assert_allclose(
        bone_lengths(performer_rest(lengths(), legs=True)), bone_lengths(rest_pose()), atol=1e-12
    )


@pytest.mark.parametrize("name", BONES)
def test_a_longer_bone_is_longer_on_both_sides(name):
    longer, standard = (bone_lengths(performer_rest(lengths(**{name: by}), legs=True)) for by in (1.2, 1.0))
    changed = [INDEX[f"{side}{BONES[name]}"] for side in ("left", "right")]
    np.testing.assert_allclose(longer[changed], 1.2 * standard[changed])
    assert longer[INDEX["spine"]] == pytest.approx(standard[INDEX["spine"]])


def test_a_performer_of_twice_the_size_has_every_bone_twice_as_long():
    twice = performer_rest(np.full(len(LENGTHS), np.log(2.0)), legs=True)
    np.testing.assert_allclose(bone_lengths(twice), 2 * bone_lengths(rest_pose()), atol=1e-12)
    assert twice[INDEX["hips"], 2] > 1.8 * rest_pose()[INDEX["hips"], 2]


def test_legs_that_were_not_seen_are_as_long_as_the_trunk_lets_expect():
    guessed = lengths(trunk=1.1, thigh=0.5, shin=2.0)
    rest = performer_rest(guessed, legs=False)
    expected = performer_rest(lengths(trunk=1.1, thigh=1.1, shin=1.1, foot=1.1), legs=True)
    np.testing.assert_allclose(rest, expected)


def test_left_and_right_are_alike():
    random = np.random.default_rng(0)
    rest = performer_rest(random.normal(0.0, 0.1, len(LENGTHS)), legs=True)
    other = {slot: slot.replace("left", "#").replace("right", "left").replace("#", "right") for slot in SLOTS}
    swapped = rest[[INDEX[other[slot]] for slot in SLOTS]] * [-1.0, 1.0, 1.0]
    np.testing.assert_allclose(swapped, rest, atol=1e-12)
