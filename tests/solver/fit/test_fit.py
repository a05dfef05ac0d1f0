"""The fit as a whole: what is seen exactly comes back, mirrors mirror, long clips are bounded."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from blazerig.solver import rotations
from blazerig.solver.evidence import LEVEL
from blazerig.solver.fit import fit as fitting
from blazerig.solver.fit import windows
from blazerig.solver.fit.body import Body, place
from blazerig.solver.fit.fit import fit
from blazerig.solver.fit.skeleton import ANGLES, BALLS, BENDS, LENGTHS
from blazerig.solver.fit.start import start
from blazerig.solver.landmarks import HEELS, MIRRORED, TOES
from blazerig.solver.plant import ROOT, Plant

EXACT = 0.02
"""How large the errors of exact landmarks are taken to be, as a share of the usual."""
MILLIMETRE = 0.001


def times_of(frames):
    return np.arange(frames) / 30.0


def walker(frames, lengths=None):
    """A performer who swings arms and legs, turns and wanders before the camera."""
    phase = np.pi * times_of(frames)
    balls = np.tile(rotations.IDENTITY, (frames, len(BALLS), 1))
    heading = rotations.from_axis_angle([0.0, 0.0, 1.0], 0.5 * np.sin(0.7 * phase))
    balls[:, BALLS.index("hips")] = rotations.multiply(rotations.from_matrix(LEVEL.T), heading)
    angles = np.zeros((frames, len(ANGLES)))
    for side, way in (("left", 1.0), ("right", -1.0)):
        arm = rotations.from_axis_angle([0.0, 0.0, 1.0], -way * (0.3 + 0.6 * np.sin(phase)))
        leg = rotations.from_axis_angle([1.0, 0.0, 0.0], way * 0.4 * np.sin(2 * phase))
        balls[:, BALLS.index(f"{side}UpperArm")] = arm
        balls[:, BALLS.index(f"{side}UpperLeg")] = leg
        angles[:, ANGLES.index(f"{side}Elbow")] = 0.6
        angles[:, ANGLES.index(f"{side}Knee")] = 0.4 + 0.2 * np.sin(2 * phase)
    bends = np.zeros((frames, len(BENDS), 3))
    bends[:, :, 0] = 0.1 * np.sin(phase)[:, None]
    root = np.stack([0.3 * np.sin(phase / 3), 0.1 + 0.0 * phase, 4.0 + 0.3 * np.cos(phase / 3)], axis=-1)
    return Body(root, balls, bends, angles, np.zeros(len(LENGTHS)) if lengths is None else lengths)


def misses(body, truth):
    return np.linalg.norm(place(body).landmarks - place(truth).landmarks, axis=-1)


def exact(sight):
    return replace(sight, noise=np.full_like(sight.noise, EXACT))


def noisy(sight, seed):
    random = np.random.default_rng(seed)
    return replace(
        sight,
        metric=sight.metric + random.normal(0.0, 0.05, sight.metric.shape),
        slopes=sight.slopes + random.normal(0.0, 0.002, sight.slopes.shape),
    )


def test_what_was_seen_exactly_comes_back_exactly_lengths_too(perfect_sight):
    lengths = np.log([1.05, 1.1, 1.0, 1.2, 0.9, 1.1, 0.95, 1.0, 1.0, 1.0])
    truth = walker(60, lengths)
    sight = exact(perfect_sight(truth, times_of(60)))
    found = fit(sight, start(sight))
    assert misses(found, truth).max() < 0.5 * MILLIMETRE
    np.testing.assert_allclose(found.lengths, lengths, atol=0.001)


def test_a_first_guess_far_off_comes_back_by_cooling(perfect_sight):
    truth = walker(45)
    sight = exact(perfect_sight(truth, times_of(45)))
    turned = rotations.multiply(truth.balls, rotations.from_vector([0.3, -0.2, 0.3]))
    far = replace(truth, root=truth.root + np.array([0.3, -0.3, 0.8]), balls=turned)
    assert misses(fit(sight, far, tolerance=30.0, iterations=20), truth).max() < 5 * MILLIMETRE


def test_lengths_that_are_not_measured_stay_as_they_are(perfect_sight):
    truth = walker(10, np.full(len(LENGTHS), 0.1))
    sight = perfect_sight(truth, times_of(10))
    found = fit(sight, start(sight), measure=False, iterations=2)
    np.testing.assert_array_equal(found.lengths, np.zeros(len(LENGTHS)))


def test_a_mirrored_performer_gives_the_mirrored_body(perfect_sight):
    sight = noisy(perfect_sight(walker(30), times_of(30)), 0)
    across = np.array([-1.0, 1.0, 1.0])
    mirrored = replace(
        sight, slopes=sight.slopes[:, MIRRORED] * across[:2], metric=sight.metric[:, MIRRORED] * across
    )
    body, image = (fit(seen, start(seen)) for seen in (sight, mirrored))
    reflected = place(image).landmarks[:, MIRRORED] * across
    np.testing.assert_allclose(reflected, place(body).landmarks, atol=1e-6)
    np.testing.assert_allclose(image.lengths, body.lengths, atol=1e-6)


def test_landmarks_lost_for_a_while_are_bridged_by_the_motion(perfect_sight):
    truth = walker(60)
    sight = exact(perfect_sight(truth, times_of(60)))
    trust = sight.trust.copy()
    trust[25:31] = 0.0
    lost = replace(sight, trust=trust)
    assert misses(fit(lost, start(sight)), truth)[25:31].max() < 0.03


def test_an_outlier_does_not_pull_the_body_after_it(perfect_sight):
    truth = walker(45)
    sight = perfect_sight(truth, times_of(45))
    slopes = sight.slopes.copy()
    slopes[20, 15] += 0.2  # the left wrist, 80 cm aside
    found = fit(replace(sight, slopes=slopes), start(sight))
    assert misses(found, truth)[20, 15] < 0.05


def test_feet_that_stand_do_not_move(perfect_sight):
    truth = walker(45)
    frozen = {name: np.repeat(part[:1], 45, axis=0) for name, part in vars(truth).items() if part.ndim > 1}
    still = replace(truth, **frozen)
    sight = noisy(perfect_sight(still, times_of(45)), 1)
    feet = [*HEELS, *TOES]
    planted, rest = np.zeros((44, ROOT + 1)), np.full((45, ROOT + 1), np.nan)
    planted[:, feet], rest[:, feet] = 1.0, 0.0
    plant = Plant(planted, np.array([0.0, -1.0, 0.0]), np.nan, rest)
    slides = [
        np.linalg.norm(np.diff(place(body).landmarks[:, feet], axis=0), axis=-1).max()
        for body in (fit(sight, still), fit(sight, still, plant=plant))
    ]
    assert slides[1] < 0.2 * MILLIMETRE
    assert slides[0] > 2 * MILLIMETRE


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_the_shortest_clips_are_fitted(perfect_sight, frames):
    truth = walker(frames)
    sight = exact(perfect_sight(truth, times_of(frames)))
    assert misses(fit(sight, start(sight)), truth).max() < 5 * MILLIMETRE


def test_windows_join_as_if_the_clip_had_been_fitted_at_once(perfect_sight, monkeypatch):
    sight = noisy(perfect_sight(walker(200), times_of(200)), 2)
    guess = start(sight)
    whole = place(fit(sight, guess, measure=False, iterations=5)).landmarks
    for module in (fitting, windows):
        monkeypatch.setattr(module, "WINDOW", 60)
        monkeypatch.setattr(module, "OVERLAP", 30)
    parts = place(fit(sight, guess, measure=False, iterations=5)).landmarks
    assert np.linalg.norm(parts - whole, axis=-1).max() < MILLIMETRE


def test_the_frames_that_lengths_are_measured_on_are_spread_over_the_clip():
    found = windows.samples(3000)
    assert (np.diff(found) > 0).all()
    assert found[0] == 0
    assert found[-1] == 2999
    assert len(found) == windows.SAMPLES * windows.SAMPLE


def test_a_long_clip_takes_no_more_memory_than_its_windows(perfect_sight):
    frames = 3000
    truth = walker(frames)
    sight = exact(perfect_sight(truth, times_of(frames)))
    guess = start(sight)
    tracemalloc.start()
    found = fit(sight, guess, iterations=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found.root) == frames
    assert peak < 300e6  # bytes; all frames at once take 600 million


def test_steps_go_on_until_one_is_small_enough_but_no_more_than_twice_as_many(perfect_sight, monkeypatch):
    truth = walker(30)
    sight = perfect_sight(truth, times_of(30))
    taken = []
    moved = Body.moved
    monkeypatch.setattr(fitting, "RELAXED", 0.0)  # steps are what the equations ask for
    monkeypatch.setattr(Body, "moved", lambda body, *step: taken.append(step) or moved(body, *step))

    def steps(**options):
        taken.clear()
        fit(sight, start(sight), iterations=3, measure=False, **options)
        return len(taken)

    assert steps() == 3
    assert steps(enough=0.0) == 6
    assert 3 < steps(enough=0.02) < 6
    assert np.abs(taken[-1][0][:, 3:]).max() < 0.02
    assert np.abs(taken[-2][0][:, 3:]).max() >= 0.02
