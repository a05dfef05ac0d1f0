"""Teaches `solver/correction.npz` from rendered people, and judges it on people and motions left out.

    python tests/calibration/correction.py DATA [--write] [--judge] [--steps 8000]

DATA is what `rendered.py` made, of whatever shots. Needs `pip install numpy torch` and the
checkout's parent on PYTHONPATH. Prints where the net puts its landmarks (an offset from a joint in the axes
of the bone that carries them) and how far they scatter about that, then errors before and after the
correction. Two minutes for 30,000 frames, eight with --judge.
"""

from __future__ import annotations

import numpy as np
import torch
from blazerig.solver.correction import LIMBS, MIRRORED, SPREADS, TABLE
from spots import NOMINAL, Samples, fit_spots, load, print_spots, wanted
from teacher import BATCH, Layers, parsed

_SIGN = np.array([-1.0, 1, 1, -1, 1], np.float32)
_NOISE = 0.006  # shares of the size, 2 cm: real footage is noisier than rendered
_STRAIGHT, _OFTEN = np.cos(np.radians(25.0)), 3.0  # limbs straighter than this are shown more often
_WIDTH, _DROPOUT = 192, 0.25


def main() -> None:
    options = parsed("Teach the correction of landmarks", 8000)
    samples = load(options.data)
    spots = fit_spots(samples)
    print_spots(samples, spots)
    if options.judge:
        parts = {
            "every fifth clip": samples.clip % 5 == 4, "women": samples.woman, "men": ~samples.woman,
            "motion capture": samples.mocap, "hips out of the picture": samples.cut_off,
        }  # fmt: skip
        for name, part in parts.items():
            judge(name, learn(samples.of(~part), spots, options.steps // 2), samples.of(part), spots)
    if options.write:
        learn(samples, spots, options.steps).store(TABLE)


class Network(Layers):
    """The layers of `solver.correction.network`."""

    def __init__(self, inputs: torch.Tensor, aims: torch.Tensor) -> None:
        super().__init__(inputs, 330, width=_WIDTH, dropout=_DROPOUT, least=1e-3)
        self.register_buffer("unit", aims.std(0) + 1e-3)
        with torch.no_grad():
            self.last.weight *= 0.1
            self.last.bias[:] = 0.0

    def forward(self, inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Changes and the logarithms of their errors. Each (F, 33, 5)."""
        out = self.answer(inputs).view(-1, 33, 2, 5)
        return out[:, :, 0] * self.unit, out[:, :, 1] + torch.log(self.unit)


def _tensors(samples: Samples, spots: np.ndarray) -> tuple[torch.Tensor, ...]:
    """Inputs, what is wanted, and which of it counts."""
    count = len(samples.points)
    parts = (
        samples.points.reshape(count, -1),
        samples.image.reshape(count, -1),
        samples.visibility,
        samples.scale,
    )
    counts = np.repeat(samples.inside[..., None], 5, -1)
    arrays = np.concatenate(parts, axis=1), wanted(samples, spots), counts
    return tuple(torch.tensor(array.astype(np.float32)) for array in arrays)


def learn(samples: Samples, spots: np.ndarray, steps: int) -> Network:
    """Likelihood of Student's t with three degrees of freedom, so that lost limbs teach little."""
    torch.manual_seed(0)
    inputs, aims, counts = _tensors(samples, spots)
    often = torch.tensor(1.0 + _OFTEN * straight(samples).mean(1))
    net = Network(inputs, aims)

    def loss() -> torch.Tensor:
        batch = torch.multinomial(often, BATCH, replacement=True)
        x, y, count = inputs[batch], aims[batch], counts[batch]
        if torch.rand(1) < 0.5:
            x, y, count = _mirrored(x), y[:, MIRRORED] * torch.tensor(_SIGN), count[:, MIRRORED]
        x, y = _varied(x, y)
        change, spread = net(x)
        spread = spread.clamp(*SPREADS)
        miss = ((y - change) / torch.exp(spread)) ** 2
        return ((2.0 * torch.log1p(miss / 3) + spread) * count).sum() / count.sum()

    net.teach(steps, loss)
    return net


def straight(samples: Samples) -> np.ndarray:
    """Which elbows and knees are straight, as random poses seldom have them. Shape (F, 4)."""
    chains = np.array([(11, 13, 15), (12, 14, 16), (23, 25, 27), (24, 26, 28)])
    upper = samples.joints[:, chains[:, 1]] - samples.joints[:, chains[:, 0]]
    lower = samples.joints[:, chains[:, 2]] - samples.joints[:, chains[:, 1]]
    cosine = (upper * lower).sum(-1) / np.linalg.norm(upper, axis=-1) / np.linalg.norm(lower, axis=-1)
    return cosine > _STRAIGHT


def _mirrored(inputs: torch.Tensor) -> torch.Tensor:
    points, image, visibility, scale = inputs.split([99, 66, 33, 1], dim=1)
    points = points.view(-1, 33, 3)[:, MIRRORED] * torch.tensor(_SIGN[:3])
    image = image.view(-1, 33, 2)[:, MIRRORED] * torch.tensor(_SIGN[3:])
    return torch.cat([points.flatten(1), image.flatten(1), visibility[:, MIRRORED], scale], dim=1)


def _varied(inputs: torch.Tensor, aims: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Rolled about the view, with a little noise, other guesses of the performer's size and of the lens."""
    count = len(inputs)
    points, image, visibility, scale = inputs.split([99, 66, 33, 1], dim=1)
    points, image = points.view(-1, 33, 3), image.view(-1, 33, 2)
    angle = 0.12 * torch.randn(count)
    cos, sin = torch.cos(angle), torch.sin(angle)
    roll = torch.stack([cos, -sin, sin, cos], -1).view(-1, 1, 2, 2)

    def rolled(values: torch.Tensor) -> torch.Tensor:
        return torch.cat([(roll @ values[..., :2, None])[..., 0], values[..., 2:]], dim=-1)

    points, image = rolled(points), rolled(image)
    spots = (points + rolled(aims[..., :3])) * torch.exp(0.02 * torch.randn(count, 1, 1))
    points = points + _NOISE * torch.randn_like(points)
    image = image + _NOISE / 2 * torch.randn_like(image)
    aims = torch.cat([spots - points, rolled(aims[..., 3:])], dim=-1)
    scale = scale + 0.3 * torch.randn_like(scale)
    return torch.cat([points.flatten(1), image.flatten(1), visibility, scale], dim=1), aims


def judge(name: str, net: Network, samples: Samples, spots: np.ndarray) -> None:
    """Print direction of limbs and depth of joints before and after, and whether the errors are known."""
    inputs, aims, counts = _tensors(samples, spots)
    with torch.no_grad():
        (change, spread), (other, wide) = net(inputs), net(_mirrored(inputs))
    change = ((change + other[:, MIRRORED] * torch.tensor(_SIGN)) / 2).numpy()
    spread = ((spread + wide[:, MIRRORED]) / 2).exp().numpy()
    aims, seen = aims.numpy(), counts.numpy()[..., 2] > 0
    limbs = [list(ends) for ends in zip(*LIMBS, strict=True)]
    both = seen[:, limbs[0]] & seen[:, limbs[1]]
    truth = samples.joints[:, limbs[1]] - samples.joints[:, limbs[0]]
    print(f"{name} left out: {len(inputs)} frames; limb direction", end="")
    for points in (samples.points, samples.points + change[..., :3]):
        limb = points[:, limbs[1]] - points[:, limbs[0]]
        cosine = (limb * truth).sum(-1) / np.linalg.norm(limb, axis=-1) / np.linalg.norm(truth, axis=-1)
        angle = np.degrees(np.arccos(np.clip(cosine, -1, 1)))[both]
        print(f" {angle.mean():.1f} (median {np.median(angle):.1f})", end="")
    print(" degrees; depth, rms cm:", end="")
    for part in ((11, 12), (13, 14), (15, 16), (25, 26), (27, 28)):
        chosen = seen[:, part]
        errors = (aims[:, part, 2][chosen], (aims - change)[:, part, 2][chosen])
        print(
            " " + " ".join(f"{100 * NOMINAL * np.sqrt((error**2).mean()):.1f}" for error in errors), end=";"
        )
    known = (np.abs(aims - change) < spread)[..., 2][seen].mean()
    print(f" {known:.0%} of the depths within their standard error", flush=True)


if __name__ == "__main__":
    main()
