"""Which landmarks of the face mesh are what. Right before left where both are named."""

from __future__ import annotations

import numpy as np

STEADY = np.array([
    5, 134, 363, 195, 281, 51, 45, 248, 131, 3, 275, 4, 220, 236, 456, 114, 198, 277, 451, 399, 47, 174,
    197, 419, 217, 196, 115, 437, 452, 440, 420, 329, 100, 412, 237, 252, 257, 126, 188, 256, 218, 6, 168,
    8, 9, 107, 336, 55, 285, 193, 417, 122, 351, 33, 263, 133, 362, 10, 151, 108, 337, 67, 297, 109, 338,
    127, 356, 162, 389, 21, 251, 54, 284, 103, 332,
])  # fmt: skip
"""Those that expressions move least, measured on rendered heads: nose, forehead, temples, eyes' corners."""
EYES = np.array([33, 133, 159, 158, 160, 145, 153, 144, 263, 362, 386, 385, 387, 374, 380, 373])
BROWS = np.array([
    46, 53, 52, 65, 55, 70, 63, 105, 66, 107, 276, 283, 282, 295, 285, 300, 293, 334, 296, 336, 9, 8,
])  # fmt: skip
NOSE = np.array([1, 4, 48, 278, 64, 294, 98, 327, 129, 358, 5])
CHEEKS = np.array([50, 280, 101, 330, 117, 346, 118, 347, 205, 425, 36, 266, 187, 411, 119, 348])
LIPS = np.array([
    61, 291, 0, 17, 37, 267, 40, 270, 39, 269, 84, 314, 181, 405, 91, 321, 146, 375, 185, 409, 78, 308, 13,
    14, 82, 312, 81, 311, 80, 310, 87, 317, 178, 402, 88, 318,
])  # fmt: skip
CHIN = np.array([
    152, 148, 377, 176, 400, 199, 200, 18, 172, 397, 136, 365, 214, 434, 216, 436, 212, 432, 57, 287, 58,
    288,
])  # fmt: skip
MEASURED = np.concatenate([EYES, BROWS, NOSE, CHEEKS, LIPS, CHIN])
"""Those that the weights are read from."""
UPPER = slice(len(EYES) + len(BROWS))
"""The upper face's of them; the rest are the lower face's."""
LOWER = slice(UPPER.stop, None)
CORNERS = np.array([[263, 362], [33, 133]])
"""Outer and inner corner of the left eye, then of the right one."""
IRISES = np.array([473, 468])
"""Their middles, left and right."""
RINGS = np.array([[474, 475, 476, 477], [469, 470, 471, 472]])
"""Four points around each, opposite ones two apart."""
TEMPLES = np.array([127, 356])
SEEN = np.concatenate([STEADY, MEASURED, CORNERS.ravel(), IRISES, RINGS.ravel()])
"""All that anything is read from."""
