"""Teaches `solver/palm.npz` how hands are turned, from rendered people, and judges it on people left out.

    python tests/calibration/palms.py DATA [--write] [--judge] [--steps 16000]

DATA is what `rendered.py --hands` made. Needs `pip install numpy scipy torch` and the checkout's parent on
PYTHONPATH. Each clip is solved as far as the hands, so that the network reads what it will be told in use.
Beside them it learns from hands that are drawn from the solver's own model, which may have any shape, as the
rendered ones may not. Six minutes for 900 clips of 30 frames, four more with --judge.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import numpy as np
import torch
from blazerig.errors import BlazeRigError
from blazerig.solver import fingers, rotations, solve
from blazerig.solver.fit.skeleton import SPOTS
from blazerig.solver.hand_view import HandView
from blazerig.solver.palm import ERRORS, TABLE, Palms, inputs
from blazerig.solver.rest import turns_to_t_pose
from blazerig.take import Floats, Take, load_take
from drawn_hand import landmarks
from teacher import BATCH, Layers, parsed
from torch.nn.functional import normalize

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench_truth"))
from character import SLOT_OF

ENDS = ("heads", "tails")
RESTING = np.radians([0.0, -12.0, 0.0])  # a wrist rests a little extended
WRIST, FOREARM = np.radians([50.0, 28.0, 15.0]), np.radians(12.0)  # how far it turns, is told wrongly

_WIDTH, _DROPOUT = 256, 0.2
_ROLL, _NOISE = 0.25, 0.02  # radians about the view; palms
_DRAWN = 0.25  # of every batch
_FREEDOM = 3.0  # degrees of freedom of Student's t


@dataclass(frozen=True)
class Samples:
    """Hands that were seen, as left ones in their views' axes.

    Attributes:
        told: What the network reads. Shape (N, 85).
        turned: Rotations from the T-pose. Shape (N, 4).
        clip: Number of the clip. Shape (N,).
        woman: Whether it shows the woman. Shape (N,).
    """

    told: np.ndarray
    turned: np.ndarray
    clip: np.ndarray
    woman: np.ndarray

    def of(self, which: np.ndarray) -> Samples:
        return Samples(*(values[which] for values in vars(self).values()))

    @property
    def pixels(self) -> np.ndarray:
        """Of a palm in the picture. Shape (N,)."""
        return np.exp(self.told[:, -1])


def main() -> None:
    options = parsed("Teach how hands are turned", 16000)
    samples = load(options.data)
    if options.judge:
        parts = {"every fifth clip": samples.clip % 5 == 4, "women": samples.woman, "men": ~samples.woman}
        for name, part in parts.items():
            judge(name, learn(samples.of(~part), options.steps // 2), samples.of(part))
    if options.write:
        learn(samples, options.steps).store(TABLE)


def load(folder: Path) -> Samples:
    """The hands of all clips in a folder."""
    found: list[Samples] = []
    for path in sorted(folder.glob("*.truth.npz")):
        take = path.with_name(path.name.replace("truth", "take"))
        if not take.exists():
            continue
        with np.load(path) as file:
            truth = dict(file)
        try:
            found += _hands(load_take(take), truth, int(path.name[:5]))
        except BlazeRigError as error:
            print(path.name, error)
    return Samples(
        *(np.concatenate(column) for column in zip(*(vars(s).values() for s in found), strict=True))
    )


def _hands(take: Take, truth: dict[str, np.ndarray], clip: int) -> list[Samples]:
    """Both hands of a clip."""
    names = [str(name) for name in truth["names"]]
    heads, tails = ({SLOT_OF[n]: place for n, place in zip(names, truth[end], strict=True)} for end in ENDS)
    to_t_pose, to_camera = turns_to_t_pose(heads, tails), truth["camera"][:3, :3].T
    found: list[Samples] = []
    for view, told in _told(take):
        turned = truth["turned"][:, names.index(f"{view.side.title()}Hand")]
        hand = rotations.multiply(
            rotations.from_matrix(to_camera @ turned), rotations.inverse(to_t_pose[f"{view.side}Hand"])
        )
        count = int(view.seen.sum())
        whose = np.full(count, clip), np.full(count, str(truth["character"]) == "woman")
        found.append(Samples(told[view.seen], view.of_camera(hand)[view.seen], *whose))
    return found


def _told(take: Take) -> list[tuple[HandView, np.ndarray]]:
    """What the network is told of both hands when the solver comes to them."""
    found: list[tuple[HandView, np.ndarray]] = []

    def listen(view: HandView, forearm: Floats, arm: Floats) -> Palms:
        found.append((view, inputs(view, forearm, arm)))
        return Palms(forearm, np.full(len(forearm), np.inf))

    with patch.object(solve, "palm", listen):
        solve.solve(take)
    return found


def drawn(count: int) -> Samples:
    """Hands of the solver's own model, bent and turned at random: any shape, seen by nets of any quality."""
    random = np.random.default_rng(0)
    forearm = rotations.normalise(random.normal(size=(count, 4)))
    wrist = rotations.from_vector(RESTING + random.normal(0.0, WRIST, (count, 3)))
    turned = rotations.multiply(forearm, wrist)
    points = landmarks(turned, _bends(random, count))
    level = np.exp(random.uniform(*np.log([0.005, 0.5]), (count, 1, 1)))
    deep = np.exp(random.normal(-0.2, 0.3, count)) * np.where(random.random(count) < 0.15, -1.0, 1.0)
    points[..., 2] *= deep[:, None]
    points += level * random.normal(0.0, [0.5, 0.5, 1.5], points.shape)
    guessed = rotations.multiply(rotations.from_vector(random.normal(0.0, FOREARM, (count, 3))), forearm)
    arm = rotations.rotate(turned[:, None], np.concatenate([np.zeros((1, 3)), SPOTS.offset[[17, 19, 21]]]))
    arm[:, 0] = rotations.rotate(forearm, [-0.25, 0.0, 0.0])
    arm += random.normal(0.0, 0.015, arm.shape)
    parts = (
        points.reshape(count, -1), rotations.to_matrix(guessed).reshape(count, -1), arm.reshape(count, -1),
        random.uniform(*np.log([10.0, 150.0]), (count, 1)),
    )  # fmt: skip
    nobody = np.full(count, -1), np.zeros(count, bool)
    return Samples(np.concatenate(parts, axis=1), turned, *nobody)


def _bends(random: np.random.Generator, count: int) -> np.ndarray:
    """Angles of the digits (N, 5, 3): hands close as a whole, but for fingers that point."""
    closed = np.repeat(random.uniform(0.0, 1.0, (count, 1)), 5, axis=1)
    points = random.random((count, 5)) < 0.25
    closed = np.where(points, random.uniform(0.0, 1.0, (count, 5)), closed)
    bends = closed[..., None] * np.radians([0.0, 85.0, 95.0])
    bends += random.normal(0.0, np.radians([7.0, 12.0, 12.0]), (count, 5, 3))
    bends[:, 0] = fingers.RESTING[0] + random.normal(0.0, 1.5 * fingers.SPREAD[0], (count, 3))
    return np.clip(bends, fingers.LOW, fingers.HIGH)


class Network(Layers):
    """The layers of `solver.palm.network`."""

    def __init__(self, told: torch.Tensor) -> None:
        super().__init__(told, 7, width=_WIDTH, dropout=_DROPOUT, least=1e-2)

    def forward(self, told: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Rotation matrices (N, 3, 3) and the logarithms of their errors (N,)."""
        out = self.answer(told)
        along = normalize(out[:, :3], dim=-1)
        back = normalize(torch.linalg.cross(along, out[:, 3:6]), dim=-1)
        axes = torch.stack([along, torch.linalg.cross(back, along), back], dim=-1)
        return axes, out[:, 6].clamp(*ERRORS)


def learn(samples: Samples, steps: int) -> Network:
    """Likelihood of Student's t of the angle, so that hands that were taken for others teach little."""
    torch.manual_seed(0)
    told, turned = _tensors(samples)
    other, other_turned = _tensors(drawn(len(samples.clip)))
    net = Network(told)

    def loss() -> torch.Tensor:
        batch = torch.randint(len(told), (BATCH,))
        model = batch[: int(_DRAWN * BATCH)]
        x, y = _varied(
            torch.cat([told[batch], other[model]]), torch.cat([turned[batch], other_turned[model]])
        )
        axes, error = net(x)
        miss = (_angle(axes, y) / torch.exp(error)) ** 2
        return ((_FREEDOM + 3.0) / 2.0 * torch.log1p(miss / _FREEDOM) + 3.0 * error).mean()

    net.teach(steps, loss)
    return net


def _tensors(samples: Samples) -> tuple[torch.Tensor, torch.Tensor]:
    arrays = samples.told, rotations.to_matrix(samples.turned)
    told, turned = (torch.tensor(array.astype(np.float32)) for array in arrays)
    return told, turned


def _angle(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Between rotation matrices, radians: the distance of its ends is 2 sqrt(2) sin of half of it."""
    square = ((a - b) ** 2).sum((1, 2)) / 8.0
    return 2.0 * torch.asin(square.clamp(1e-12, 1.0 - 1e-6).sqrt())


def _varied(told: torch.Tensor, turned: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Rolled about the view, with noise on the landmarks of the hand."""
    count = len(told)
    angle = _ROLL * torch.randn(count)
    cos, sin, none, one = torch.cos(angle), torch.sin(angle), torch.zeros(count), torch.ones(count)
    roll = torch.stack([cos, -sin, none, sin, cos, none, none, none, one], -1).view(-1, 3, 3)
    points, forearm, arm, size = told.split([63, 9, 12, 1], dim=1)
    points = points.view(-1, 21, 3) + _NOISE * (1.0 + torch.rand(count, 1, 1)) * torch.randn(count, 21, 3)
    parts = (
        points @ roll.mT, roll @ forearm.view(-1, 3, 3), arm.view(-1, 4, 3) @ roll.mT,
    )  # fmt: skip
    return torch.cat([*(part.flatten(1) for part in parts), size], dim=1), roll @ turned


def judge(name: str, net: Network, samples: Samples) -> None:
    """Print the errors by how large the palm is, and whether they are known."""
    told, turned = _tensors(samples)
    with torch.no_grad():
        axes, error = net(told)
        angle = _angle(axes, turned).numpy()
    degrees, known = np.degrees(angle), angle / error.exp().numpy()
    print(
        f"{name} left out: {len(told)} hands; {degrees.mean():.1f} degrees (median {np.median(degrees):.1f});"
    )
    for low, high in pairwise((0, 12, 18, 25, 40, 1000)):
        some = (samples.pixels >= low) & (samples.pixels < high)
        if some.any():
            print(f"  palms from {low} pixels: {some.sum()}, {degrees[some].mean():.1f}", end=";")
    print(
        f"  root mean square in standard errors, without the worst tenth: "
        f"{np.sqrt(np.mean(np.sort(known)[: len(known) * 9 // 10] ** 2)):.2f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
