"""The report: it stands alone, tells of what went wrong and where, and says nothing of what went well."""

from __future__ import annotations

import dataclasses
import importlib.util
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from blazerig.report.measures import LIMBS, PARTS, joint_angles, measure, metric_residuals, project
from blazerig.report.page import page, write_page
from blazerig.report.verdict import frames_to_show, judge, stretches_of
from blazerig.solver.landmarks import MIRRORED
from blazerig.solver.settings import DEFAULTS, Settings
from blazerig.solver.solve import solve

ROOT = Path(__file__).resolve().parents[2]
VOID = {"meta", "br"}


def known():
    """The performer of known motion that the solver's tests have."""
    spec = importlib.util.spec_from_file_location("known", ROOT / "tests" / "solver" / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def take():
    module = known()
    return module.film(module.wandering(3))


@pytest.fixture(scope="module")
def solution(take):
    return solve(take)


@pytest.fixture(scope="module")
def measures(take, solution):
    return measure(take, solution)


def seen_as_solved(take, solution):
    """The take whose landmarks lie exactly where the solution has them."""
    image, world = take.body_image.copy(), take.body_world.copy()
    there = np.isfinite(solution.landmarks)
    image[..., :2] = np.where(there[..., :2], project(solution, solution.landmarks), image[..., :2])
    return dataclasses.replace(take, body_image=image, body_world=world)


def test_what_was_solved_where_it_was_seen_is_trusted(take, solution):
    exact = seen_as_solved(take, solution)
    for verdict in judge(measure(exact, solution)):
        if verdict.part != "Hands and fingers":
            assert (verdict.trusted, list(verdict.worst)) == (1.0, [])


def test_what_the_solver_did_not_believe_is_doubtful_when_and_only_when(take, solution):
    trust = solution.trust.copy()
    trust[10:20, list(LIMBS["left arm"])] = 0.1
    doubted = dataclasses.replace(solution, trust=trust)
    found = measure(seen_as_solved(take, solution), doubted)
    (stretch,) = stretches_of("left arm", found)
    assert (stretch.first, stretch.last, stretch.reason) == (10, 19, "hidden or guessed")
    arms = {verdict.part: verdict for verdict in judge(found)}
    assert arms["Arms"].trusted == pytest.approx(1 - 10 / len(take))
    assert arms["Legs"].trusted == 1.0


def test_what_was_solved_far_from_where_it_was_seen_is_doubtful_and_the_distance_is_told(take, solution):
    exact = seen_as_solved(take, solution)
    exact.body_image[30:, list(LIMBS["right foot"]), 0] += 200.0
    found = measure(exact, solution)
    (stretch,) = stretches_of("right foot", found)
    assert (stretch.first, stretch.reason) == (30, "solved 200 px from where it was seen")
    np.testing.assert_allclose(found.pixels[30:, LIMBS["right foot"]], 200.0)


def test_what_left_the_picture_was_outside_and_whom_nobody_saw_nobody_saw(take, solution):
    exact, trust = seen_as_solved(take, solution), solution.trust.copy()
    exact.body_image[:8, :, :2] = np.nan
    exact.body_image[40:, list(LIMBS["left leg"]), 1] += 5000.0
    trust[:8], trust[40:, list(LIMBS["left leg"])] = 0.0, 0.0
    found = measure(exact, dataclasses.replace(solution, trust=trust))
    reasons = [stretch.reason for stretch in stretches_of("left leg", found)]
    assert reasons == ["nobody seen", "outside the picture"]


def test_a_hand_that_was_not_found_is_not_trusted(take, solution):
    lost = dataclasses.replace(take.left, image=take.left.image.copy(), score=take.left.score.copy())
    lost.image[5:25], lost.score[5:25] = np.nan, np.nan
    found = measure(dataclasses.replace(take, left=lost), solution)
    assert "not found" in {stretch.reason for stretch in stretches_of("left hand", found)}
    assert found.limbs["left hand"].sureness[5:25].max() == 0.0


def test_where_the_nets_exchanged_left_and_right_the_solved_is_held_against_the_right_sides(
    take, solution, measures
):
    swapped = cut(take, len(take))
    for array in (swapped.body_image, swapped.body_world, swapped.body_visibility, swapped.body_confidence):
        array[20:30] = array[20:30][:, MIRRORED]
    left, right = cut(take, len(take)).left, cut(take, len(take)).right
    for one, other in ((swapped.left, right), (swapped.right, left)):
        for part in ("image", "world", "score"):
            getattr(one, part)[20:30] = getattr(other, part)[20:30]
    found = measure(swapped, solution)
    assert np.flatnonzero(found.exchanged).tolist() == list(range(20, 30))
    assert not measures.exchanged.any()
    np.testing.assert_allclose(found.pixels, measures.pixels)
    text = page(swapped, solution, found, {}, DEFAULTS)
    assert "put right" in text
    assert "put right" not in page(take, solution, measures, {}, DEFAULTS)


def test_the_worst_frame_is_shown_and_no_two_that_lie_close_together(take, solution):
    trust = solution.trust.copy()
    trust[33] = 0.0
    found = measure(seen_as_solved(take, solution), dataclasses.replace(solution, trust=trust))
    worst, regular = frames_to_show(found)
    assert 33 in worst
    frames = np.sort([*worst, *regular])
    assert (np.diff(found.times[frames]) > 0.1).all()


def test_angles_are_those_of_the_humanoid(solution, stance):
    straight = dataclasses.replace(solution, pose=stance(leftLowerLeg=(40.0, 0.0, 0.0)))
    angles = joint_angles(straight)
    left, right = angles["knee"]
    np.testing.assert_allclose(left, 140.0, atol=0.5)
    np.testing.assert_allclose(right, 180.0, atol=0.5)
    np.testing.assert_allclose(angles["shoulder"], 15.0, atol=0.5)
    np.testing.assert_allclose(angles["neck"][0], 0.0, atol=1e-6)


@pytest.fixture(scope="module")
def stance():
    return known().standing


def test_residuals_in_metres_do_not_know_of_a_known_height(take, solution):
    tall = solve(take, Settings(height=2.2))
    plain = metric_residuals(take, solution, known_height=False)
    grown = metric_residuals(take, tall, known_height=True)
    assert np.nanmedian(grown) < 1.5 * np.nanmedian(plain) + 0.01


def shown(measures):
    worst, regular = frames_to_show(measures)
    return [*worst, *regular]


class _Checked(HTMLParser):
    """Every tag is closed by its own, and nothing is fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.links += [value for name, value in attrs if name in ("href", "src", "xlink:href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, _tag, attrs):
        self.links += [value for name, value in attrs if name in ("href", "src", "xlink:href")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_stands_alone_and_is_well_formed(take, solution, measures):
    pictures = {frame: np.zeros((*take.size[::-1], 3), np.uint8) for frame in shown(measures)}
    text = page(take, solution, measures, pictures, Settings(height=1.8))
    checked = _Checked()
    checked.feed(text)
    assert checked.open == []
    assert len(checked.links) == len(pictures) > 0
    assert all(link.startswith("data:image/jpeg;base64,") for link in checked.links)
    assert "//" not in re.sub(r"data:[^\"]*|// One .*", "", text)
    assert "height = 1.8" in text
    assert all(part in text for part in PARTS)
    assert "nan" not in re.sub(r"data:[^\"]*", "", text)


def test_without_footage_the_limbs_are_drawn_alone(take, solution, measures):
    text = page(take, solution, measures, {}, DEFAULTS)
    assert "<image" not in text
    assert text.count('<svg class="figure"') == len(shown(measures))


def test_a_name_that_looks_like_markup_is_only_a_name(take, solution, measures):
    text = page(dataclasses.replace(take, source="<b>&.mp4"), solution, measures, {}, DEFAULTS)
    assert "<b>&.mp4" not in text
    assert "&lt;b&gt;&amp;.mp4" in text


def test_a_still_and_a_clip_in_which_all_is_lost_for_a_while_have_a_page(take):
    still = cut(take, 1)
    solved = solve(still)
    assert (
        "chart"
        not in page(still, solved, measure(still, solved), {}, DEFAULTS)
        .split("</style>")[1]
        .split("<script>")[0]
    )
    lost = cut(take, len(take))
    for array in (lost.body_image, lost.body_world, lost.left.image, lost.left.score):
        array[10:40] = np.nan
    solved = solve(lost)
    assert "nobody seen" in page(lost, solved, measure(lost, solved), {}, DEFAULTS)


def cut(take, frames):
    """A copy of the first frames of a take."""

    def first(one):
        return dataclasses.replace(one, **{
            field.name: value[:frames].copy()
            for field in dataclasses.fields(one)
            if isinstance(value := getattr(one, field.name), np.ndarray) and len(value) == len(take)
        })  # fmt: skip

    return dataclasses.replace(first(take), left=first(take.left), right=first(take.right))


def test_of_a_long_clip_the_page_stays_small(take, solution):
    times = 40

    def repeated(one):
        return dataclasses.replace(one, **{
            field.name: np.concatenate([value] * times)
            for field in dataclasses.fields(one)
            if isinstance(value := getattr(one, field.name), np.ndarray) and len(value) == len(take)
        })  # fmt: skip

    long = dataclasses.replace(repeated(take), left=repeated(take.left), right=repeated(take.right))
    pose = repeated(solution.pose)
    clock = np.arange(len(take) * times) / 30.0
    solved = dataclasses.replace(repeated(solution), pose=dataclasses.replace(pose, times=clock))
    long = dataclasses.replace(long, times=clock)
    once = len(page(take, solution, measure(take, solution), {}, DEFAULTS))
    assert len(page(long, solved, measure(long, solved), {}, DEFAULTS)) < once + 1_000_000


def test_a_page_that_cannot_be_written_leaves_nothing(take, solution, measures, tmp_path):
    from blazerig.errors import BlazeRigError

    with pytest.raises(BlazeRigError, match="cannot write"):
        write_page(tmp_path / "none" / "a.html", take, solution, measures, {}, DEFAULTS)
    assert list(tmp_path.iterdir()) == []
