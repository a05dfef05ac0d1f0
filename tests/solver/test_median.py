"""The median without overhead is numpy's."""

import numpy as np
import pytest
from blazerig.solver.median import median


@pytest.mark.parametrize("count", [1, 2, 5, 8])
def test_the_median_is_numpys(count):
    values = np.random.default_rng(count).normal(size=count)
    assert median(values) == pytest.approx(np.median(values), abs=0.0)
