"""A take's quality in a few bytes, and as a picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from blazerig.addon.takes.colours import SCALE, UNSEEN, colours
from blazerig.addon.takes.quality import ABSENT, BINS, PARTS, TOP, quality, strip
from blazerig.addon.takes.quality import UNSEEN as UNSEEN_BYTE
from blazerig.take import Take


def rows(take: Take) -> dict[str, np.ndarray]:
    return dict(zip(PARTS, np.frombuffer(quality(take), np.uint8).reshape(len(PARTS), BINS), strict=True))


@pytest.mark.parametrize("frames", [1, 7, 96, 1000])
def test_what_is_seen_evenly_is_one_value_at_any_length(made: Callable[..., Take], frames: int) -> None:
    found = rows(made(frames))
    for part, value in zip(PARTS, (0.8, 0.9, 0.9, 0.7), strict=True):
        assert set(found[part]) == {round(value * TOP)}


def test_a_hand_that_is_lost_shows_when(made: Callable[..., Take]) -> None:
    take = made(BINS * 10)
    take.left.image[BINS * 5 :] = np.nan
    take.left.score[BINS * 5 :] = np.nan
    found = rows(take)
    assert (found["Left Hand"][: BINS // 2 - 1] < UNSEEN_BYTE).all()
    assert (found["Left Hand"][BINS // 2 + 1 :] == UNSEEN_BYTE).all()
    assert (found["Right Hand"] < UNSEEN_BYTE).all()


def test_a_face_that_was_not_looked_for_is_not_one_that_was_not_seen(made: Callable[..., Take]) -> None:
    assert set(rows(replace(made(), face=None))["Face"]) == {ABSENT}
    picture = strip(quality(replace(made(), face=None)), 32, 16)
    assert not picture[:4].any()
    assert picture[5:8, :, 3].any()


def test_frames_that_come_late_are_put_by_their_times(made: Callable[..., Take]) -> None:
    take = made(100)
    times = np.concatenate([take.times[:50], take.times[50:] + 100.0])
    take.body_confidence[50:] = 0.0
    found = rows(replace(take, times=times))["Body"]
    assert (found[1:-2] == round(0.8 * TOP)).all(), "in the gap it is as before the gap"
    assert found[-1] == 0


def test_an_empty_take_has_a_quality(made: Callable[..., Take]) -> None:
    assert set(rows(made(0))["Body"]) == {UNSEEN_BYTE}


def test_the_strip_has_the_parts_from_the_top_and_time_to_the_right(made: Callable[..., Take]) -> None:
    take = made(960)
    take.body_confidence[480:] = 0.0
    picture = strip(quality(take), 96, 40)
    assert picture.shape == (40, 96, 4)
    np.testing.assert_allclose(picture[35, 80, :3], SCALE[0], atol=1e-6)
    np.testing.assert_allclose(picture[35, 10], colours(np.array(round(0.8 * TOP) / TOP)), atol=1e-6)


def test_bytes_that_are_no_quality_are_an_empty_strip() -> None:
    assert not strip(b"", 8, 8).any()
    assert not strip(b"abc", 8, 8).any()


def test_colours_differ_in_lightness_as_well() -> None:
    shades = colours(np.linspace(0.0, 1.0, 11))[:, :3]
    lightness = shades @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(lightness) > 0).all()
    assert lightness[0] > UNSEEN @ [0.2126, 0.7152, 0.0722]
