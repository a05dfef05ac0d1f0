"""Fits the confidence of landmarks anew, judges it on clips that it was not fitted on, and draws it.

    .venv/bin/python tests/calibration/confidence.py [--plot docs/images/confidence.png] [--cache FILE.npz]

Needs the rendered clips with truth in ../shared/synth/dev (or in $BLAZERIG_SHARED/synth/dev). Prints the
table that stands in `models/confidence.py`, and the figures that stand in `docs/confidence.md`. Takes two
minutes.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
from blazerig.models.confidence import PARTS, confidence, evidence, in_picture
from plot import draw
from reliability import reliability
from samples import Samples, cached
from scipy.optimize import minimize

_SHARED = Path(os.environ.get("BLAZERIG_SHARED", Path(__file__).resolve().parents[3] / "shared"))
_RIDGE = 1e-3
Table = dict[str, np.ndarray]


def main() -> None:
    parser = argparse.ArgumentParser(description="Calibrate the confidence of landmarks")
    parser.add_argument("--every", type=int, default=3, help="look at every so-manieth frame (3)")
    parser.add_argument("--plot", type=Path, help="draw the reliability into this PNG")
    parser.add_argument(
        "--cache", type=Path, help="keep what the net said in this file, and use it if it is there"
    )
    options = parser.parse_args()
    clips = sorted(path for path in (_SHARED / "synth" / "dev").iterdir() if path.is_dir())
    samples = cached(options.cache, clips, options.every)
    print(f"{len(samples.clip)} bodies, {samples.right.mean():.1%} of the points right\n")
    print_table(fit(samples, np.ones(len(samples.clip), bool)))
    held_out = left_out(samples, samples.clip)
    judge("clip left out", held_out, samples)
    judge("kind of damage left out", left_out(samples, samples.variant), samples)
    judge("product (saw them all)", product(samples), samples)
    judge("visibility", samples.visibility, samples)
    judge("visibility, calibrated", left_out(visibility_alone(samples), samples.clip), samples)
    judge("presence", samples.presence, samples)
    judge("peak", samples.peak, samples)
    print_clips(held_out, samples)
    print_parts(held_out, samples)
    print_variants(held_out, samples)
    if options.plot:
        draw(options.plot, held_out, samples)


def fit(samples: Samples, chosen: np.ndarray) -> Table:
    """Weights of visibility, presence and peak and a constant for each part, from the chosen bodies.

    Points that the net puts outside the picture are not asked for their confidence, and teach nothing.
    """
    inside = in_picture(samples.image, samples.size[:, None]) & chosen[:, None]
    features = evidence(samples.visibility, samples.presence, samples.peak)
    table: Table = {}
    for part, (landmarks, _) in PARTS.items():
        of_part = np.isin(np.arange(33), landmarks) & inside
        table[part] = _logistic(features[of_part], samples.right[of_part])
    return table


def _logistic(features: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Weights, none negative, and the constant of a logistic regression. Shape (4,)."""
    inputs = np.column_stack([features.astype(float), np.ones(len(features))])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        odds = inputs @ weights
        free = np.append(weights[:-1], 0.0)
        value = (np.logaddexp(0.0, odds) - right * odds).mean() + _RIDGE * (free**2).sum()
        slope = inputs.T @ (1.0 / (1.0 + np.exp(-odds)) - right) / len(right) + 2.0 * _RIDGE * free
        return float(value), slope

    bounds = [(0.0, None)] * 3 + [(None, None)]
    return minimize(loss, np.zeros(4), jac=True, bounds=bounds, method="L-BFGS-B").x


def predict(samples: Samples, table: Table) -> np.ndarray:
    """The confidence that a table gives. Shape (N, 33)."""
    features = evidence(samples.visibility, samples.presence, samples.peak)
    said = np.zeros(samples.visibility.shape)
    for part, (landmarks, _) in PARTS.items():
        of_part = list(landmarks)
        said[:, of_part] = 1.0 / (1.0 + np.exp(-(features[:, of_part] @ table[part][:3] + table[part][3])))
    return np.where(in_picture(samples.image, samples.size[:, None]), said, 0.0)


def left_out(samples: Samples, kinds: np.ndarray) -> np.ndarray:
    """The confidence of each kind's bodies as fitted on all other kinds. Shape (N, 33)."""
    said = np.zeros(samples.visibility.shape)
    for kind in np.unique(kinds):
        said[kinds == kind] = predict(samples, fit(samples, kinds != kind))[kinds == kind]
    return said


def visibility_alone(samples: Samples) -> Samples:
    """The same with the net silent about the rest: its log-odds are 0 everywhere."""
    silent = np.full(samples.visibility.shape, 0.5)
    return replace(samples, presence=silent, peak=silent)


def product(samples: Samples) -> np.ndarray:
    """What `models/confidence.py` says. Shape (N, 33)."""
    parts = samples.visibility, samples.presence, samples.peak
    return confidence(samples.image, *parts, samples.size[:, None])


def print_table(table: Table) -> None:
    for part, numbers in table.items():
        print(f"{part:8} " + ", ".join(f"{number:.2f}" for number in numbers))
    print()


def judge(name: str, said: np.ndarray, samples: Samples) -> None:
    inside = in_picture(samples.image, samples.size[:, None])
    for kind, chosen in (("all points", np.ones_like(inside)), ("points put in the picture", inside)):
        found = reliability(said[chosen], samples.right[chosen])
        print(
            f"{name:24} {kind:26} AUC {found.auc:.3f}  calibration error {found.calibration_error:.3f}"
            f"  Brier {found.brier:.3f}  wrong points passing {found.passing:.1%}"
        )


def print_clips(said: np.ndarray, samples: Samples) -> None:
    print("\nclip: AUC and calibration error when left out, and of the visibility")
    for clip in np.unique(samples.clip):
        print(f"{clip:8} {compared(samples.clip == clip, said, samples)}")


def compared(chosen: np.ndarray, said: np.ndarray, samples: Samples) -> str:
    """AUC and calibration error of the confidence and of the visibility, of some of the points."""
    found = [reliability(values[chosen], samples.right[chosen]) for values in (said, samples.visibility)]
    return "   ".join(f"{one.auc:.3f} {one.calibration_error:.3f}" for one in found)


def print_parts(said: np.ndarray, samples: Samples) -> None:
    print("\npart: points in the picture, share right, AUC and calibration error, those of the visibility")
    inside = in_picture(samples.image, samples.size[:, None])
    for part, (landmarks, _) in PARTS.items():
        chosen = inside & np.isin(np.arange(33), landmarks)
        count, share = chosen.sum(), samples.right[chosen].mean()
        print(f"{part:8} {count:6} {share:.2f}  {compared(chosen, said, samples)}")


def print_variants(said: np.ndarray, samples: Samples) -> None:
    print("\nvariant: share right / mean confidence / mean visibility, of " + ", ".join(PARTS))
    for variant in dict.fromkeys(samples.variant):
        here = samples.variant == variant

        def mean(values: np.ndarray, landmarks: tuple[int, ...] | range, here: np.ndarray = here) -> float:
            return float(values[here][:, list(landmarks)].mean())

        cells = [
            "/".join(f"{mean(v, landmarks):.2f}" for v in (samples.right, said, samples.visibility))
            for landmarks, _ in PARTS.values()
        ]
        print(f"{variant:23}" + "  ".join(cells))


if __name__ == "__main__":
    main()
