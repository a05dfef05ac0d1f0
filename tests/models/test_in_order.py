"""Work in several threads whose results come in order, and the batches it comes in."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from blazerig.models.offline import Glance, batched, in_order, moments
from blazerig.models.video import Frame

BLACK = np.zeros((1, 1, 3), np.uint8)


def test_results_come_in_the_order_of_the_items_however_long_each_takes() -> None:
    delays = np.random.default_rng(0).uniform(0.0, 0.01, 30).tolist()

    def work(number: int) -> int:
        time.sleep(delays[number])
        return number

    with ThreadPoolExecutor(4) as pool:
        assert list(in_order(pool, work, range(30), 5)) == list(range(30))


@pytest.mark.parametrize("ahead", [1, 2, 5])
def test_no_more_items_are_taken_than_may_be_in_work(ahead: int) -> None:
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        for number in range(20):
            taken += 1
            yield number

    most = 0
    with ThreadPoolExecutor(8) as pool:
        for done, _ in enumerate(in_order(pool, lambda number: number, items(), ahead)):
            most = max(most, taken - done)
    assert taken == 20
    assert most == ahead


def test_as_many_as_allowed_are_in_work_at_once() -> None:
    together = threading.Barrier(3, timeout=10.0)
    with ThreadPoolExecutor(3) as pool:
        waited = list(in_order(pool, lambda _: together.wait(), range(6), 3))
    assert sorted(waited) == [0, 0, 1, 1, 2, 2]


def test_an_error_in_the_work_comes_out_after_what_was_before_it() -> None:
    def work(number: int) -> float:
        return 1.0 / (3 - number)

    seen: list[float] = []
    with ThreadPoolExecutor(2) as pool, pytest.raises(ZeroDivisionError):
        seen.extend(in_order(pool, work, range(10), 3))
    assert seen == [1.0 / 3.0, 1.0 / 2.0, 1.0]


def test_an_error_of_the_items_comes_out() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise KeyError

    with ThreadPoolExecutor(2) as pool, pytest.raises(KeyError):
        list(in_order(pool, lambda number: number, items(), 3))


def test_a_closed_generator_leaves_nothing_running() -> None:
    begun: list[int] = []
    ended: list[int] = []

    def work(number: int) -> int:
        begun.append(number)
        time.sleep(0.02)
        ended.append(number)
        return number

    with ThreadPoolExecutor(1) as pool:
        results = in_order(pool, work, range(100), 10)
        assert next(results) == 0
        results.close()
        assert begun == ended
        so_far = len(begun)
        time.sleep(0.1)
        assert len(begun) == so_far < 5


def test_batches_are_of_one_size_but_for_the_last() -> None:
    assert list(batched(iter(range(7)), 3)) == [[0, 1, 2], [3, 4, 5], [6]]
    assert list(batched([], 3)) == []
    assert list(batched(range(4), 1)) == [[0], [1], [2], [3]]


def test_a_moment_is_a_frame_between_its_neighbours() -> None:
    one, two, three = (Glance(Frame(i, i / 30.0, BLACK), None, {}, None) for i in range(3))
    assert list(moments([one, two, three])) == [(None, one, two), (one, two, three), (two, three, None)]
    assert list(moments([one])) == [(None, one, None)]
    assert list(moments([])) == []
