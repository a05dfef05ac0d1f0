"""What the teachers of `solver.learned`'s networks share: their options, layers, course and file."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from blazerig.solver.learned import USUAL
from torch.nn.functional import silu

BATCH = 256
_DECAY, _RATE = 1e-2, 2e-3


def parsed(what: str, steps: int) -> argparse.Namespace:
    """The options of the command line; `steps` are the usual ones."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true", help="store what was learned from all in the solver")
    parser.add_argument("--judge", action="store_true", help="learn without a part, test on it")
    parser.add_argument("--steps", type=int, default=steps)
    return parser.parse_args()


class Layers(torch.nn.Module):
    """The layers of `solver.learned.answer`, of a `width`, with some dropped out while they learn.

    Inputs that hardly vary count as varying by `least`.
    """

    def __init__(
        self, inputs: torch.Tensor, outputs: int, *, width: int, dropout: float, least: float
    ) -> None:
        super().__init__()
        self.register_buffer("mean", inputs.mean(0))
        self.register_buffer("spread", inputs.std(0) + least)
        self.first = torch.nn.Linear(inputs.shape[1], width)
        self.second = torch.nn.Linear(width, width)
        self.last = torch.nn.Linear(width, outputs)
        self.drop = torch.nn.Dropout(dropout)

    def answer(self, inputs: torch.Tensor) -> torch.Tensor:
        """What the last layer says. Shape (F, N) to (F, M)."""
        usual = ((inputs - self.mean) / self.spread).clamp(-USUAL, USUAL)
        layer = self.drop(silu(self.first(usual)))
        layer = self.drop(layer + silu(self.second(layer)))
        return self.last(layer)

    def teach(self, steps: int, loss: Callable[[], torch.Tensor]) -> None:
        """So many steps down the slope of `loss`, which draws a batch of its own each time."""
        optimizer = torch.optim.AdamW(self.parameters(), _RATE, weight_decay=_DECAY)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _RATE, total_steps=steps)
        for _ in range(steps):
            missed = loss()
            optimizer.zero_grad()
            missed.backward()
            optimizer.step()
            schedule.step()
        self.eval()

    def store(self, path: Path) -> None:
        """Half precision is enough; what scales is kept in single."""
        table = {name: value.numpy() for name, value in self.named_buffers()}
        for name in ("first", "second", "last"):
            layer = getattr(self, name)
            table[name] = layer.weight.detach().numpy().T.astype(np.float16)
            table[f"{name}_bias"] = layer.bias.detach().numpy().astype(np.float16)
        np.savez_compressed(path, **table)
