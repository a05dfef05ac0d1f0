"""Where each landmark of the body truly is in the rendered clips.

Bones end inside the body; the net's points lie on it. So each landmark gets a spot that is fixed to a bone:
the one that the net points at, as nearly as one spot can, in the frames in which it sees that point well.
Spots are fitted on whole pictures, once for each character; an error is the distance to the spot.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import least_squares

_PREFIX = "mixamorig:"
_SIDED = {
    11: "Arm", 13: "ForeArm", 15: "Hand", 17: "HandPinky1", 19: "HandIndex1", 21: "HandThumb2",
    23: "UpLeg", 25: "Leg", 27: "Foot", 29: "Foot", 31: "ToeBase",
}  # fmt: skip
_BONES = {landmark: "Head" for landmark in range(11)} | {
    landmark + right: f"{side}{bone}"
    for landmark, bone in _SIDED.items()
    for right, side in enumerate(("Left", "Right"))
}
_SEEN_WELL = 0.8
# A residual beyond this, in metres, is the net's mistake rather than the spot's.
_MISTAKE = 0.03


@dataclass(frozen=True)
class Truth:
    """One clip: the bones that carry the landmarks, in the axes of the camera, metres.

    Attributes:
        character: Whose body it is.
        carriers: From the axes of each landmark's bone to the camera's. Shape (F, 33, 4, 4).
        intrinsics: Shape (3, 3), pixels.
        size: Width and height of the picture, pixels. Shape (2,).
        torso: Length from between the shoulders to between the hips, metres, at most over the clip.
    """

    character: str
    carriers: np.ndarray
    intrinsics: np.ndarray
    size: np.ndarray
    torso: float

    def points(self, frame: int, spots: np.ndarray) -> np.ndarray:
        """Pixels of the landmarks in a frame. Shape (33, 2)."""
        return project(self.carriers[frame], spots, self.intrinsics)

    def pixels_per_torso(self, frame: int) -> float:
        """Of a torso that stands square to the view, as far away as the hips."""
        depth = self.carriers[frame, 23:25, 2, 3].mean()
        return float(self.intrinsics[0, 0] * self.torso / depth)


def load_truth(folder: Path) -> Truth:
    with np.load(folder / "truth.npz") as file:
        names = [str(name).removeprefix(_PREFIX) for name in file["bone_names"]]
        carriers = file["pose"][:, [names.index(_BONES[landmark]) for landmark in range(33)]]
        shoulders, hips = carriers[:, 11:13, :3, 3].mean(1), carriers[:, 23:25, :3, 3].mean(1)
        return Truth(
            str(file["character"]),
            np.linalg.inv(file["world_from_camera"]) @ carriers,
            file["K"],
            file["image_size"],
            float(np.linalg.norm(shoulders - hips, axis=-1).max()),
        )


def project(carriers: np.ndarray, spots: np.ndarray, intrinsics: np.ndarray) -> np.ndarray:
    """Spots, metres in the axes of their bones, shape (*, 3), to pixels. Shape (*, 2)."""
    placed = np.einsum("...ij,...j->...i", carriers[..., :3, :3], spots) + carriers[..., :3, 3]
    image = np.einsum("...ij,...j->...i", intrinsics, placed)
    return image[..., :2] / image[..., 2:]


def fit_spots(seen: list[tuple[Truth, int, np.ndarray, np.ndarray]]) -> np.ndarray:
    """The spots of one character, from frames of whole pictures. Shape (33, 3), metres.

    Each frame is its clip's truth, its index, and what the net saw: pixels, shape (33, 2), and visibility.
    """
    carriers = np.stack([truth.carriers[frame] for truth, frame, _, _ in seen])
    intrinsics = np.stack([truth.intrinsics for truth, _, _, _ in seen])
    points = np.stack([image for _, _, image, _ in seen])
    well = np.stack([visibility for _, _, _, visibility in seen]) > _SEEN_WELL
    return np.stack(
        [
            _fit_spot(carriers[well[:, landmark], landmark], intrinsics[well[:, landmark]],
                      points[well[:, landmark], landmark])
            for landmark in range(33)
        ]
    )  # fmt: skip


def _fit_spot(carriers: np.ndarray, intrinsics: np.ndarray, points: np.ndarray) -> np.ndarray:
    metres_per_pixel = (carriers[:, 2, 3] / intrinsics[:, 0, 0])[:, None]

    def residuals(spot: np.ndarray) -> np.ndarray:
        spots = np.broadcast_to(spot, (len(points), 3))
        return ((project(carriers, spots, intrinsics) - points) * metres_per_pixel).ravel()

    return least_squares(residuals, np.zeros(3), loss="soft_l1", f_scale=_MISTAKE).x
