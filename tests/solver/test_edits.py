"""What is said of a clip by hand counts: contacts, stretches to ignore, stretches to smooth."""

from dataclasses import replace

import numpy as np
import pytest
from blazerig.errors import BlazeRigError
from blazerig.solver import rotations
from blazerig.solver.edits import Edits, inside, spans, stand_as_said
from blazerig.solver.humanoid import INDEX, joint_positions
from blazerig.solver.settings import Settings
from blazerig.solver.settings_file import load_settings, save_settings
from blazerig.solver.solve import solve

LEVEL = Settings(pitch=0.0)
FOOT, HAND = "leftFoot", "leftHand"


def edited(**edits):
    return replace(LEVEL, edits=Edits(**edits))


def path_of(solution, slot):
    pose = solution.pose
    return joint_positions(pose.rotations, pose.hips, pose.rest)[:, INDEX[slot]]


def speed(solution, slot):
    """Metres a frame."""
    return np.linalg.norm(np.diff(path_of(solution, slot), axis=0), axis=-1)


def raised(pose, degrees, *slots):
    """A pose whose `slots` are turned about the x axis of the world, by an angle of each frame (F,)."""
    turned = pose.rotations.copy()
    own = rotations.from_axis_angle([1.0, 0.0, 0.0], np.radians(degrees))
    for slot in slots:
        turned[:, INDEX[slot]] = rotations.multiply(own, turned[:, INDEX[slot]])
    return replace(pose, rotations=turned)


@pytest.fixture(scope="module")
def stepping(filmed, stance):
    """A take of one who stands, lifts the left thigh from 0.7 to 1.3 s, and stands again."""
    pose = stance(frames=60)
    lift = np.where(np.abs(pose.times - 1.0) < 0.3, np.cos((pose.times - 1.0) / 0.6 * np.pi), 0.0)
    return filmed(raised(pose, -50.0 * lift, "leftUpperLeg"))


@pytest.fixture(scope="module")
def found(stepping):
    return solve(stepping, LEVEL)


def test_the_found_contacts_are_told_as_spans(found):
    told = spans(found)
    assert [part for part, stretches in told.items() if not stretches] == ["left_hand", "right_hand"]
    (first, second), (whole,) = told["left_foot"], told["right_foot"]
    assert first[0] == 0.0
    assert first[1] == pytest.approx(0.7, abs=0.12)
    assert second[0] == pytest.approx(1.3, abs=0.12)
    assert whole == (found.pose.times[0], found.pose.times[-1])


def test_what_was_found_given_as_said_leaves_the_motion(stepping, found):
    again = solve(stepping, edited(contacts=spans(found)))
    turned = rotations.angle_between(again.pose.rotations, found.pose.rotations)
    assert np.degrees(turned).max() < 0.5
    assert np.abs(again.pose.hips - found.pose.hips).max() < 0.002
    assert spans(again) == spans(found)


def test_a_foot_stands_where_it_is_said_to_and_nowhere_else(stepping, found):
    said = solve(stepping, edited(contacts={"left_foot": ((0.2, 0.5),)}))
    stands = inside(((0.2, 0.5),), said.pose.times)
    np.testing.assert_array_equal(said.contacts[:, :2].any(1), stands)
    np.testing.assert_array_equal(said.contacts[:, 2:], found.contacts[:, 2:])
    assert speed(said, FOOT)[stands[1:] & stands[:-1]].max() < 1e-6


def test_a_foot_that_is_said_to_stand_while_it_is_lifted_stands(stepping, found):
    said = solve(stepping, edited(contacts={"left_foot": ((0.0, 2.0),)}))
    assert speed(said, FOOT).max() < 0.001  # it may roll
    assert speed(found, FOOT).max() > 0.01
    assert said.contacts[:, :2].all(1)[25:35].all()  # where neither heel nor toes were found, both stand


def test_a_part_without_spans_stands_nowhere(stepping):
    said = solve(stepping, edited(contacts={"left_foot": (), "right_foot": ()}))
    assert not said.contacts.any()


def test_a_hand_is_held_in_the_air_where_it_is_said_to_stand(filmed, stance):
    pose = stance(frames=60)
    arm = ("leftUpperArm", "leftLowerArm", "leftHand")
    pose = raised(pose, -60.0 + 10.0 * np.sin(3.0 * pose.times), *arm)
    take = filmed(raised(pose, -40.0, *arm[1:]))
    free, said = solve(take, LEVEL), solve(take, edited(contacts={"left_hand": ((0.8, 1.2),)}))
    stands = inside(((0.8, 1.2),), said.pose.times)
    np.testing.assert_array_equal(said.contacts[:, 4] > 0.5, stands)
    held = stands[1:] & stands[:-1]
    assert speed(said, HAND)[held].max() < 1e-6
    assert speed(free, HAND)[held].max() > 0.004
    away = np.linalg.norm(path_of(said, HAND) - path_of(free, HAND), axis=-1)
    assert away.max() < 0.1  # it stays about where it was, and does not go to the floor
    assert away[said.pose.times < 0.5].max() < 0.01
    assert speed(said, HAND).max() < 2.0 * speed(free, HAND).max()  # and does not jump at the ends


def test_what_is_ignored_is_run_over(filmed, random_motion):
    pose = random_motion(1)
    take = filmed(pose)
    wrong = (pose.times > 0.9) & (pose.times < 1.1)
    for points in (take.body_image, take.body_world):
        points[np.ix_(wrong, [13, 15, 17, 19, 21])] += (
            np.array([90.0, -90.0, 0.0]) if points is take.body_image else [0.3, -0.3, 0.2]
        )
    ignored = solve(take, edited(ignore={"left_arm": ((0.87, 1.13),)}))
    believed = solve(take, LEVEL)
    arm = [INDEX["leftUpperArm"], INDEX["leftLowerArm"]]

    def miss(solved):
        turned = rotations.angle_between(solved.pose.rotations[:, arm], pose.rotations[:, arm])
        return np.degrees(turned)[wrong].mean()

    assert miss(ignored) < 3.0
    assert miss(believed) > 3.0 * miss(ignored)
    assert (ignored.trust[wrong][:, [13, 15]] < 0.01).all()
    assert (ignored.trust[:, [14, 16]] > 0.9).all()


@pytest.mark.parametrize("part", ["body", "left_leg", "head"])
def test_what_is_ignored_at_an_end_or_all_the_time_stays_near(filmed, random_motion, part):
    pose = random_motion(2)
    take, start = filmed(pose), pose.times[-1] - 0.5
    solved = solve(take, edited(ignore={part: ((start, 99.0),)}))
    off = np.linalg.norm(solved.pose.hips - solve(take, LEVEL).pose.hips, axis=-1)
    assert off.max() < 0.4  # of a root that goes 0.7 m/s
    whole = solve(take, edited(ignore={part: ((0.0, 99.0),)}))
    assert np.isfinite(whole.pose.rotations).all()


def test_smooth_is_smoother_there_and_nowhere_else(filmed, random_motion):
    take = filmed(random_motion(3))
    shaken = np.random.default_rng(0).normal(0.0, 8.0, (*take.body_image.shape[:2], 2))
    take.body_image[..., :2] += shaken
    usual, calm = solve(take, LEVEL), solve(take, edited(smooth={"right_arm": ((0.8, 1.5),)}))

    def shake(solved, slot, frames):
        return np.linalg.norm(np.diff(path_of(solved, slot), 2, axis=0), axis=-1)[frames].mean()

    assert shake(calm, "rightHand", slice(26, 42)) < 0.5 * shake(usual, "rightHand", slice(26, 42))
    for slot, frames in (("rightHand", slice(0, 15)), ("leftHand", slice(None))):
        assert shake(calm, slot, frames) == pytest.approx(shake(usual, slot, frames), rel=0.1)


def test_smoothing_of_the_whole_clip_is_a_factor(filmed, random_motion):
    take = filmed(random_motion(3))
    take.body_image[..., :2] += np.random.default_rng(0).normal(0.0, 8.0, (*take.body_image.shape[:2], 2))
    solved = [solve(take, replace(LEVEL, smoothing=much)) for much in (0.0, 1.0, 4.0)]
    shakes = [np.linalg.norm(np.diff(path_of(one, HAND), 2, axis=0), axis=-1).mean() for one in solved]
    assert shakes[0] > 1.5 * shakes[1]
    assert shakes[1] > 1.5 * shakes[2]


def test_what_was_found_of_a_part_counts_inside_its_spans():
    heel_then_toes = np.array([[1, 0], [1, 1], [0, 1], [0, 0], [0, 0], [1, 1]], float)
    stands = np.array([True, True, True, True, False, False])
    expected = [[1, 0], [1, 1], [0, 1], [1, 1], [0, 0], [0, 0]]
    np.testing.assert_array_equal(stand_as_said(heel_then_toes, stands), expected)


def test_edits_come_back_from_a_settings_file(tmp_path):
    settings = Settings(
        height=1.8,
        lock_feet=False,
        smoothing=2.5,
        edits=Edits({"left_foot": ((0.1, 1 / 3), (2.0, 3.0)), "right_hand": ()}, {"body": ((0.5, 0.6),)}),
    )
    save_settings(settings, tmp_path / "some.toml")
    assert load_settings(tmp_path / "some.toml") == settings
    save_settings(Settings(), tmp_path / "none.toml")
    assert (tmp_path / "none.toml").read_text("utf-8") == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[edits.contacts]\nleft_fot = [[0, 1]]",
            "edits.contacts has no part 'left_fot'; there are: left_foot, ",
        ),
        ("[edits.smooth]\nleft_foot = [[0, 1]]", "edits.smooth has no part 'left_foot'; there are: body, "),
        ("[edits.ignore]\nbody = [0.5, 1]", r"edits.ignore.body has 0\.5; give spans of seconds, as in \[\["),
        ("[edits.ignore]\nbody = 3", "edits.ignore.body is 3; give spans"),
        ("[edits.ignore]\nbody = [[2, 1]]", r"edits.ignore.body has \[2, 1\], which ends before it begins"),
        ("[edits.ignore]\nbody = [[1]]", r"edits.ignore.body has \[1\]; give spans"),
        ("[edits.ignore]\nbody = [[1, true]]", r"edits.ignore.body has \[1, True\]; give spans"),
        ("[edits.ignore]\nbody = [[0, nan]]", r"edits.ignore.body has \[0, nan\]; give spans"),
        ("[edits]\ncontacts = 3", r"edits.contacts is 3; write its spans below a line \[edits.contacts\]"),
        ("[edits]\ncontact = 3", "no setting 'edits.contact'; did you mean 'edits.contacts'"),
        ("smoothing = 11", "smoothing is 11; give a factor, 0 to 10"),
    ],
)
def test_what_is_wrong_in_edits_is_said_in_one_line(tmp_path, text, said):
    path = tmp_path / "some.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BlazeRigError, match=said) as raised:
        load_settings(path)
    assert "\n" not in str(raised.value)
