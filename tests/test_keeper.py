"""What is kept beside a take while it is tracked, and when it goes."""

import time
from pathlib import Path

import numpy as np
import pytest
from blazerig.cli import keeper
from blazerig.errors import BlazeRigError
from blazerig.take import Hand, Take, kept_beside

FRAMES = 3


class Seen:
    """Somebody, until it is found that there was nobody."""

    def __init__(self) -> None:
        def points(count: int) -> np.ndarray:
            return np.zeros((FRAMES, count, 3), np.float32)

        hand, sure = Hand(points(21), points(21), np.ones(FRAMES)), np.ones((FRAMES, 33))
        self._take = Take(
            "a.mp4", 30.0, np.arange(FRAMES) / 30.0, np.array([640, 480]),
            points(33), points(33), sure, sure, hand, hand,
        )  # fmt: skip
        self.nobody = False

    def takes(self) -> dict[int, Take]:
        return {} if self.nobody else {0: self._take}


class Never:
    """Nobody asks for the end."""

    def wait(self, seconds: float) -> bool:
        time.sleep(seconds)
        return False


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> keeper.Keeper:
    """A keeper that has kept somebody once."""
    monkeypatch.setattr(keeper, "PAUSE", 0.01)
    return keeper.Keeper(Never(), tmp_path / "take.npz", numbered=False, program=False)  # type: ignore[arg-type]


def wait_for(path: Path) -> None:
    for _ in range(1000):
        if path.exists():
            return
        time.sleep(0.01)
    pytest.fail(f"{path} was not kept")


@pytest.mark.parametrize(
    ("nobody", "error", "stays"),
    [(False, None, False), (False, BlazeRigError("the disk"), True), (True, BlazeRigError("nobody"), False)],
    ids=["ends well", "fails", "a glimpse of nobody"],
)
def test_what_is_kept_beside_stays_where_somebody_would_be_lost(
    kept: keeper.Keeper, tmp_path: Path, *, nobody: bool, error: BlazeRigError | None, stays: bool
) -> None:
    beside, seen = kept_beside(tmp_path / "take.npz"), Seen()

    def track() -> None:
        with kept:
            kept.captured = seen  # type: ignore[assignment]
            wait_for(beside)
            seen.nobody = nobody
            if error:
                raise error

    if error:
        with pytest.raises(BlazeRigError):
            track()
    else:
        track()
    assert beside.exists() == stays
