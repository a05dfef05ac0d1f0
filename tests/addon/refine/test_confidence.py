"""How far each limb can be trusted, and where it is worst."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from blazerig.addon.refine.confidence import (
    APART,
    MIRRORED,
    POINTS,
    TOLERANCE,
    limb_confidence,
    part_of_slot,
    worst_frames,
)
from blazerig.solver.edits import LIMBS
from blazerig.solver.humanoid import SLOTS
from blazerig.solver.landmarks import HIPS, SHOULDERS
from blazerig.solver.solution import Solution
from blazerig.take import Take

LEFT_ARM = list(POINTS).index("left_arm")


def test_what_was_seen_and_met_is_as_sure_as_the_trust(
    made: Callable[..., Take], solve: Callable[[Take], Solution]
) -> None:
    take = made()
    np.testing.assert_allclose(limb_confidence(take, solve(take)), 0.8, atol=1e-9)


def test_a_limb_missed_by_twice_the_tolerance_is_half_as_sure_and_the_others_stay(
    made: Callable[..., Take], solve: Callable[[Take], Solution]
) -> None:
    take = made()
    solution = solve(take)
    image = np.asarray(take.body_image)[10, :, :2]
    torso = np.linalg.norm(image[list(SHOULDERS)].mean(0) - image[list(HIPS)].mean(0))
    take.body_image[10, list(POINTS["left_arm"]), 0] += 2 * TOLERANCE * torso
    found = limb_confidence(take, solution)
    np.testing.assert_allclose(found[10, LEFT_ARM], 0.4, rtol=1e-6)
    others = np.delete(np.arange(len(POINTS)), LEFT_ARM)
    np.testing.assert_allclose(found[10, others], 0.8)
    np.testing.assert_allclose(found[11], 0.8)


def test_a_body_that_was_not_seen_is_not_sure_and_no_gap_remains(
    made: Callable[..., Take], solve: Callable[[Take], Solution]
) -> None:
    take = made()
    solution = solve(take)
    take.body_image[5:8] = np.nan
    solution.trust[5:8] = 0.0
    found = limb_confidence(take, solution)
    assert np.isfinite(found).all()
    assert not found[5:8].any()


def test_worst_frames_come_worst_first_and_apart() -> None:
    times = np.arange(90) / 30.0
    confidence = np.ones((90, 6))
    confidence[30], confidence[31], confidence[70] = 0.1, 0.2, 0.5
    found = worst_frames(confidence, times)
    assert found[:2].tolist() == [30, 70]
    assert len(set(found)) == len(found)
    gaps = np.diff(np.sort(times[found]))
    assert (gaps > APART).all()


def test_the_other_side_is_the_other_side() -> None:
    names = list(POINTS)
    for name, other in zip(names, MIRRORED, strict=True):
        swapped = name.replace("left", "x").replace("right", "left").replace("x", "right")
        assert names[other] == swapped


def test_every_slot_belongs_to_a_limb_that_can_be_edited() -> None:
    assert {part_of_slot(slot) for slot in SLOTS} == set(POINTS) == set(LIMBS)
    for slot, part in {
        "leftThumbDistal": "left_arm",
        "rightShoulder": "right_arm",
        "leftToes": "left_leg",
        "upperChest": "body",
        "neck": "head",
    }.items():
        assert part_of_slot(slot) == part
