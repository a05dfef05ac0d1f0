"""What rendered.py made, frame by frame, and where on the body the net puts its landmarks.

A landmark lies on the skin: at a constant offset from a joint, in the axes of the bone that carries it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from blazerig.solver.camera import Camera, face_ray
from blazerig.solver.correction import MIRROR, MIRRORED, seen_along_hips, size_of
from blazerig.solver.landmarks import HIPS, SHOULDERS
from blazerig.take import load_take

# Of the left or middle landmarks: at which joint, and carried by which bone.
_SPOTS = {
    **dict.fromkeys((0, 1, 2, 3, 7, 9), ("Head", "Head")), 11: ("Arm", "Spine2"), 13: ("ForeArm", "Arm"),
    15: ("Hand", "ForeArm"), 17: ("Hand", "Hand"), 19: ("Hand", "Hand"), 21: ("Hand", "Hand"),
    23: ("UpLeg", "Hips"), 25: ("Leg", "UpLeg"), 27: ("Foot", "Leg"),
    29: ("Foot", "Foot"), 31: ("Foot", "Foot"),
}  # fmt: skip
_MIDDLE = ("Head", "Spine2", "Hips")
NOMINAL = 3.2  # metres of the standard person's size
_TRUNK = [*SHOULDERS, *HIPS]
_SURE = 0.5
_OUTLIER = 0.006
_LOST = 0.04


@dataclass(frozen=True)
class Samples:
    """Frames along the hips' ray, in shares of the size.

    `joints` and `turned` are of the joint and the bone of each landmark, `image_joints` where the joints are
    in the image, `inside` whether that is in the picture; `clip`, `woman` and `mocap` say whose frame it is.
    """

    points: np.ndarray
    image: np.ndarray
    visibility: np.ndarray
    confidence: np.ndarray
    scale: np.ndarray
    joints: np.ndarray
    image_joints: np.ndarray
    turned: np.ndarray
    inside: np.ndarray
    clip: np.ndarray
    woman: np.ndarray
    mocap: np.ndarray

    @property
    def cut_off(self) -> np.ndarray:
        """Whose clips have the hips out of the picture now and then. Shape (F,)."""
        return np.isin(self.clip, self.clip[~self.inside[:, HIPS].all(1)])

    def of(self, chosen: np.ndarray) -> Samples:
        return Samples(*(getattr(self, field.name)[chosen] for field in fields(self)))


def load(folder: Path) -> Samples:
    clips = [_clip(path, i) for i, path in enumerate(sorted(folder.glob("*.take.npz")))]
    return Samples(
        *(np.concatenate(parts) for parts in zip(*(vars(clip).values() for clip in clips), strict=True))
    )


def _clip(path: Path, number: int) -> Samples:
    """The frames of a clip in which the person was followed."""
    take = load_take(path)
    with np.load(path.with_name(path.name.replace("take", "truth"))) as file:
        truth = {name: file[name] for name in file.files}
    seen = np.isfinite(take.body_world).all((1, 2))
    intrinsics, axes = truth["intrinsics"], truth["camera"][:3, :3]
    slopes = Camera(intrinsics[0, 0], intrinsics[:2, 2]).slopes(take.body_image[seen][..., :2])
    visibility = take.body_visibility[seen].astype(float)
    metric = face_ray(take.body_world[seen].astype(float), slopes[:, 23:25].mean(1))
    crop = seen_along_hips(metric, slopes, visibility)
    bones = list(truth["names"])
    joint, carrier = (np.array([bones.index(name) for name in _bones(k)]) for k in (0, 1))
    joints = (truth["joints"][seen][:, joint] - truth["camera"][:3, 3]) @ axes
    pixels = joints[..., :2] / joints[..., 2:] * intrinsics[0, 0] + intrinsics[:2, 2]
    inside = ((pixels > -0.02 * truth["size"]) & (pixels < 1.02 * truth["size"])).all(-1)
    turn = crop.turn
    joints = joints @ turn
    rays = joints[..., :2] / joints[..., 2:]
    image_joints = (rays - crop.rays[:, 23:25].mean(1, keepdims=True)) / crop.scale
    joints = joints - joints[:, 23:25].mean(1, keepdims=True)
    turned = np.swapaxes(turn, 1, 2)[:, None] @ axes.T @ truth["turned"][seen][:, carrier]
    followed = _followed(image_joints - crop.image(), inside)
    count = len(metric)
    clip = Samples(
        crop.points, crop.image(), visibility, take.body_confidence[seen], np.log(crop.scale[:, :, 0]),
        joints / size_of(joints), image_joints, turned, inside, np.full(count, number),
        np.full(count, str(truth["character"]) == "woman"),
        np.full(count, str(truth["kind"]) in ("bvh", "deepmimic")),
    )  # fmt: skip
    return clip.of(followed)


def _followed(miss: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Whether shoulders and hips are near where they belong, as far as they are in the picture. (F,)."""
    distance, seen = np.linalg.norm(miss[:, _TRUNK], axis=-1), inside[:, _TRUNK]
    return (seen * distance).sum(1) < _LOST * seen.sum(1)


def _bones(which: int) -> list[str]:
    """Of each landmark the bone that begins at its joint (0), or that carries it (1)."""
    names: list[str] = []
    for landmark in range(33):
        left = min(landmark, int(MIRRORED[landmark]))
        bone = _SPOTS[left][which]
        names.append(bone if bone in _MIDDLE else ("Left" if landmark == left else "Right") + bone)
    return names


def fit_spots(samples: Samples) -> np.ndarray:
    """Offsets of the landmarks from their joints, from the image alone: depth errs. Shape (33, 3).

    In the axes of the carrying bone at rest, in shares of the size; least squares that outliers hardly move.
    """
    offsets = np.zeros((33, 3))
    for left in _SPOTS:
        right = int(MIRRORED[left])
        seen = [_offset_rows(samples, left, np.ones(3)), _offset_rows(samples, right, MIRROR)][
            : 1 + (right != left)
        ]
        rows, sides = (np.concatenate(parts) for parts in zip(*seen, strict=True))
        weight = np.ones(len(rows))
        for _ in range(8):
            normal = np.einsum("nij,n,nik->jk", rows, weight, rows)
            offset = np.linalg.solve(normal, np.einsum("nij,n,ni->j", rows, weight, sides))
            weight = 1 / (1 + (np.linalg.norm(sides - rows @ offset, axis=1) / _OUTLIER) ** 2)
        offsets[left] = offset * ([0, 1, 1] if left == right else 1)
        offsets[right] = offsets[left] * (MIRROR if right != left else 1)
    return offsets


def _offset_rows(samples: Samples, landmark: int, mirror: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two rows a frame of the linear equations for an offset, mirrored for the right side."""
    sure = samples.inside[:, landmark] & (samples.confidence[:, landmark] > _SURE)
    rows = samples.turned[sure, landmark, :2] * mirror
    return rows, (samples.image - samples.image_joints)[sure, landmark]


def print_spots(samples: Samples, spots: np.ndarray) -> None:
    error = wanted(samples, spots)
    print("landmark: offset, mm | image, where sure, cm | metric x, y, z, cm (1.48 median)")
    for left in _SPOTS:
        both = [left, int(MIRRORED[left])]
        sure = samples.inside[:, both] & (samples.confidence[:, both] > _SURE)
        spread = 148.26 * NOMINAL * np.median(np.abs(error[:, both][sure]), axis=0)
        print(f"{left:3d}: {1000 * NOMINAL * spots[left]} | {spread[3:].mean():.1f} | {spread[:3]}")


def wanted(samples: Samples, spots: np.ndarray) -> np.ndarray:
    """What has to be added to the landmarks: metric x, y, z and image x, y. Shape (F, 33, 5)."""
    offset = np.einsum("fnij,nj->fni", samples.turned, spots)
    spot = samples.joints + offset
    spot = spot - spot[:, 23:25].mean(1, keepdims=True)
    image = samples.image_joints + offset[..., :2] - samples.image
    return np.concatenate([spot - samples.points, image], axis=-1).astype(np.float32)
