"""One scale of colours for confidence, wherever it is drawn: told apart by the colour-blind too.

From a dark vermilion over amber to a light sky blue: hue and lightness both rise with the confidence, and
red stands against no green.
"""

from __future__ import annotations

import numpy as np

from ...take import Floats

SCALE = np.array([[0.78, 0.22, 0.02], [0.94, 0.66, 0.18], [0.55, 0.86, 1.0]])
"""sRGB at confidence 0, 1/2 and 1."""
UNSEEN = np.array([0.16, 0.16, 0.17])
"""Where nothing was seen."""
ABSENT = np.array([0.0, 0.0, 0.0])
"""What was not looked for; drawn transparent."""


def colours(confidence: Floats) -> Floats:
    """Opaque colours of confidences from 0 to 1; NaN was not seen. Shape (*,) to (*, 4)."""
    confidence = np.asarray(confidence, float)
    known = np.nan_to_num(np.clip(confidence, 0.0, 1.0))
    stops = np.linspace(0.0, 1.0, len(SCALE))
    shades = np.stack([np.interp(known, stops, channel) for channel in SCALE.T], axis=-1)
    shades = np.where(np.isfinite(confidence)[..., None], shades, UNSEEN)
    return np.concatenate([shades, np.ones((*confidence.shape, 1))], axis=-1)
