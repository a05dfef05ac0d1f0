"""The cheapest sequence against all others, many at once against one by one, and the shortest clip."""

from itertools import pairwise, product

import numpy as np
from blazerig.solver.viterbi import cheapest


def test_the_cheapest_sequence_is_the_cheapest_of_all():
    random = np.random.default_rng(0)
    costs, steps = random.normal(0.0, 1.0, (6, 3)), random.uniform(0.0, 2.0, (5, 3, 3))

    def price(states):
        stays = sum(costs[i, state] for i, state in enumerate(states))
        return stays + sum(steps[i][pair] for i, pair in enumerate(pairwise(states)))

    np.testing.assert_array_equal(cheapest(costs, steps), min(product(range(3), repeat=6), key=price))


def test_several_sequences_at_once_are_the_same_as_one_by_one():
    costs = np.random.default_rng(1).normal(0.0, 1.0, (20, 4, 2))
    steps = 2.0 * (1.0 - np.eye(2))
    one_by_one = [cheapest(costs[:, i], steps) for i in range(4)]
    np.testing.assert_array_equal(cheapest(costs, steps), np.stack(one_by_one, axis=1))


def test_a_single_frame_takes_its_cheapest_state():
    assert cheapest(np.array([[3.0, 1.0, 2.0]]), np.zeros((0, 3, 3))).tolist() == [1]
