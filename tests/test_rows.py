"""Rows come out as they went in, however many there are."""

from __future__ import annotations

import numpy as np
import pytest
from blazerig.rows import BLOCK, Rows


@pytest.mark.parametrize("count", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 5])
def test_rows_come_out_as_they_went_in(count: int) -> None:
    values = np.random.default_rng(0).normal(size=(count, 2, 3))
    rows = Rows(2, 3, kind=float)
    for value in values:
        rows.add(value)
    assert len(rows) == count
    np.testing.assert_array_equal(rows.first(count), values)
    np.testing.assert_array_equal(rows.first(count // 2), values[: count // 2])
    if count:
        np.testing.assert_array_equal(rows.last(), values[-1])


def test_what_is_missing_is_nan_and_records_have_names() -> None:
    rows, records = Rows(3), Rows(kind=[("time", float), ("turn", float, (4,))])
    rows.add(np.nan)
    records.add((1.5, np.arange(4.0)))
    assert np.isnan(rows.first(1)).all()
    assert rows.first(1).dtype == np.float32
    assert records.first(1)["turn"].tolist() == [[0.0, 1.0, 2.0, 3.0]]


def test_a_copy_does_not_change_when_more_rows_come() -> None:
    rows = Rows()
    rows.add(1.0)
    before = rows.first(1)
    rows.add(2.0)
    before[0] = 9.0
    assert rows.first(2).tolist() == [1.0, 2.0]
