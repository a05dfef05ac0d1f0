import numpy as np
import pytest
from blazerig.models.heatmap import refine as refined


def refine(points: np.ndarray, logits: np.ndarray, kernel: int) -> np.ndarray:
    return refined(points, logits, kernel)[0]


def blob(x: float, y: float, size: int = 64, sigma: float = 1.0, peak: float = 6.0) -> np.ndarray:
    """Logits whose confidence is a bell around cell (x, y)."""
    rows, columns = np.mgrid[0:size, 0:size]
    confidence = np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2.0 * sigma**2)) * (1.0 - np.exp(-peak))
    confidence = np.clip(confidence, 1e-9, None)
    return np.log(confidence / (1.0 - confidence))


@pytest.mark.parametrize("kernel", [7, 9])
def test_a_point_moves_to_the_centre_of_the_bell_around_it(kernel: int) -> None:
    point = np.array([[31.9 / 64, 20.2 / 64]])
    moved = refine(point, blob(31, 20)[None], kernel)
    assert moved[0] * 64 == pytest.approx([31.0, 20.0], abs=0.05)


def test_the_kernel_bounds_what_is_seen() -> None:
    far = np.array([[28.5 / 64, 20.5 / 64]])
    logits = np.maximum(blob(32, 20, sigma=0.4), blob(28, 20, sigma=0.4, peak=1.0))[None]
    assert refine(far, logits, 9)[0, 0] > refine(far, logits, 7)[0, 0] + 1.0 / 64


def test_a_faint_map_moves_nothing() -> None:
    point = np.array([[0.51, 0.51]])
    assert (refine(point, np.full((1, 64, 64), -0.1), 7) == point).all()
    assert (refine(point, np.full((1, 64, 64), 0.0), 7) != point).any()


def test_the_peak_is_the_highest_confidence_in_the_window_and_nothing_off_the_map() -> None:
    logits = np.stack([blob(20, 20, peak=2.0), blob(40, 20), blob(20, 20)])
    _, peak = refined(np.array([[20.5 / 64, 20.5 / 64], [20.5 / 64, 20.5 / 64], [1.5, 0.5]]), logits, 7)
    assert peak[0] == pytest.approx(1.0 - np.exp(-2.0))
    assert peak[1] < 1e-3
    assert peak[2] == 0.0


def test_a_point_off_the_map_stays() -> None:
    points = np.array([[1.0, 0.5], [0.5, 1.3], [-0.1, 0.5], [0.5, -0.02]])
    assert (refine(points, np.full((4, 64, 64), 3.0), 7) == points).all()


def test_a_point_just_left_of_the_map_counts_as_in_its_first_cell() -> None:
    """The reference truncates towards zero."""
    assert refine(np.array([[-0.5 / 64, 0.5]]), np.full((1, 64, 64), 3.0), 7)[0, 0] * 64 == pytest.approx(1.5)


def test_each_point_reads_its_own_map_clipped_at_the_border() -> None:
    points = np.array([[0.5 / 64, 0.5 / 64], [63.5 / 64, 63.5 / 64], [0.5, 0.5]])
    maps = np.stack([blob(0, 0, sigma=0.3), blob(63, 63, sigma=0.3), blob(33, 32, sigma=0.3)])
    assert refine(points, maps, 7) * 64 == pytest.approx(np.array([[0, 0], [63, 63], [33, 32]]), abs=0.02)


def test_it_agrees_with_the_plain_loop() -> None:
    random = np.random.default_rng(4)
    points, logits = random.uniform(-0.05, 1.05, (39, 2)), random.normal(0, 3, (39, 64, 64))
    for kernel in (7, 9):
        assert refine(points, logits, kernel) == pytest.approx(loop(points, logits, kernel))


def loop(points: np.ndarray, logits: np.ndarray, kernel: int) -> np.ndarray:
    refined = points.copy()
    for i, (x, y) in enumerate(points):
        column, row = int(x * 64), int(y * 64)
        if not (0 <= column < 64 and 0 <= row < 64):
            continue
        total = best = sum_x = sum_y = 0.0
        for r in range(max(0, row - kernel // 2), min(64, row + kernel // 2 + 1)):
            for c in range(max(0, column - kernel // 2), min(64, column + kernel // 2 + 1)):
                confidence = 1.0 / (1.0 + np.exp(-logits[i, r, c]))
                total, best = total + confidence, max(best, confidence)
                sum_x, sum_y = sum_x + c * confidence, sum_y + r * confidence
        if best >= 0.5:
            refined[i] = sum_x / total / 64, sum_y / total / 64
    return refined
