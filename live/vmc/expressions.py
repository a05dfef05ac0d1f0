"""The face as expressions of a character, by name, and back.

Programs know two sets of names. Every VRM character has the presets of VRM 0.x, in whose names the protocol
is spoken also where a character is VRM 1.0: five vowels, lids, looks, moods. Characters made for "perfect
sync" have ARKit's 52 shapes too, their names beginning with a capital. Who has both would do everything
twice, so one set is sent. Either is understood, and VRM 1.0's names, upper and lower case alike.

The protocol: https://protocol.vmc.info/english, VRM BlendShapeProxyValue; perfect sync:
https://hinzka.hatenablog.com/entry/2020/08/15/145040.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...solver.face.shapes import INDEX, SHAPES
from ...take import Floats

VRM, ARKIT = "vrm", "arkit"
SETS = (VRM, ARKIT)

_MOUTH_AND_MOOD: Mapping[str, Mapping[str, float]] = {
    "A": {"jawOpen": 0.7},
    "I": {"jawOpen": 0.25, "mouthStretchLeft": 0.5, "mouthStretchRight": 0.5},
    "U": {"jawOpen": 0.15, "mouthPucker": 0.9, "mouthFunnel": 0.2},
    "E": {"jawOpen": 0.3, "mouthSmileLeft": 0.4, "mouthSmileRight": 0.4}
    | {"mouthStretchLeft": 0.3, "mouthStretchRight": 0.3},
    "O": {"jawOpen": 0.45, "mouthFunnel": 0.8},
    "Fun": {"mouthSmileLeft": 1.0, "mouthSmileRight": 1.0},
    "Sorrow": {"mouthFrownLeft": 1.0, "mouthFrownRight": 1.0, "browInnerUp": 0.9},
    "Angry": {"browDownLeft": 1.0, "browDownRight": 1.0},
    "Surprised": {"browInnerUp": 0.9, "browOuterUpLeft": 1.0, "browOuterUpRight": 1.0},
}
"""What vowels and moods look like in ARKit's shapes. Not `Joy`: it shuts many characters' eyes."""
_LIDS_AND_LOOKS: Mapping[str, Mapping[str, float]] = {
    "Blink_L": {"eyeBlinkLeft": 1.0},
    "Blink_R": {"eyeBlinkRight": 1.0},
    "LookUp": {"eyeLookUpLeft": 1.0, "eyeLookUpRight": 1.0},
    "LookDown": {"eyeLookDownLeft": 1.0, "eyeLookDownRight": 1.0},
    "LookLeft": {"eyeLookOutLeft": 1.0, "eyeLookInRight": 1.0},
    "LookRight": {"eyeLookInLeft": 1.0, "eyeLookOutRight": 1.0},
}
_UNDERSTOOD: Mapping[str, Mapping[str, float]] = {
    "Blink": {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0},
    "Joy": {"mouthSmileLeft": 1.0, "mouthSmileRight": 1.0},
}
"""Presets that are never sent."""
_VRM_1 = {
    "aa": "A",
    "ih": "I",
    "ou": "U",
    "ee": "E",
    "oh": "O",
    "blinkLeft": "Blink_L",
    "blinkRight": "Blink_R",
    "happy": "Joy",
    "sad": "Sorrow",
    "relaxed": "Fun",
}
"""Where it is another but for its case."""
_SWEEPS = 20


def expressions_of(weights: Floats, names: str = VRM) -> dict[str, float]:
    """Weights (52,) as values, 0 to 1, of the expressions of one of the `SETS`."""
    if names == ARKIT:
        return dict(zip(_PERFECT_SYNC, weights.tolist(), strict=True))
    sides = {name: float(_vector(look) @ weights) for name, look in _LIDS_AND_LOOKS.items()}
    halved = {name: value / len(_LIDS_AND_LOOKS[name]) for name, value in sides.items()}
    return {**dict(zip(_MOUTH_AND_MOOD, _shares(weights), strict=True)), **halved}


def weights_of(values: Mapping[str, float]) -> Floats | None:
    """Weights (52,) of values by name, as other programs send them; None where no name is known."""
    known = [(value, _LOOKS[name.lower()]) for name, value in values.items() if name.lower() in _LOOKS]
    if not known:
        return None
    return np.clip(np.sum([min(max(value, 0.0), 1.0) * look for value, look in known], axis=0), 0.0, 1.0)


def _shares(weights: Floats) -> list[float]:
    """How much of each vowel and mood, 0 to 1, comes nearest to the face when they are added up.

    Bounded least squares by coordinate descent. Lips that are closed over an open jaw are no vowel.
    """
    seen = weights.copy()
    seen[INDEX["jawOpen"]] = max(weights[INDEX["jawOpen"]] - weights[INDEX["mouthClose"]], 0.0)
    wanted, shares = (_BASIS @ seen).tolist(), [0.0] * len(_BASIS)
    for _ in range(_SWEEPS):
        for i, row in enumerate(_COMMON):
            others = sum(row[j] * share for j, share in enumerate(shares) if j != i)
            shares[i] = min(max((wanted[i] - others) / row[i], 0.0), 1.0)
    return shares


def _vector(look: Mapping[str, float]) -> Floats:
    vector = np.zeros(len(SHAPES))
    vector[[INDEX[shape] for shape in look]] = list(look.values())
    return vector


def _looks() -> dict[str, Floats]:
    """What is understood, by names in lower case."""
    presets = {**_MOUTH_AND_MOOD, **_LIDS_AND_LOOKS, **_UNDERSTOOD}
    named = presets | {new: presets[old] for new, old in _VRM_1.items()} | {one: {one: 1.0} for one in SHAPES}
    return {name.lower(): _vector(look) for name, look in named.items()}


_PERFECT_SYNC = tuple(shape[0].upper() + shape[1:] for shape in SHAPES)
_LOOKS = _looks()
_BASIS: Floats = np.array([_vector(look) for look in _MOUTH_AND_MOOD.values()])
_COMMON: list[list[float]] = (_BASIS @ _BASIS.T).tolist()
