"""The 52 shapes modelled on a character's head, after Apple's descriptions of what each does to a face.

Truth to measure the solver by. Sizes are an adult's, metres; the tongue is not modelled.
"""

from __future__ import annotations

import numpy as np
from blazerig.solver.face.shapes import INDEX, SHAPES
from face_head import IRIS, Head
from face_places import SIDES, Lid, Places, darkened, find_places
from scipy.spatial import cKDTree

LOOKS = {"Up": 0.40, "Down": 0.50, "In": 0.55, "Out": 0.55}
"""How far an eye turns at weight 1, radians."""
TRAVEL = 0.0106
"""From a human eye's centre of rotation to the plane of its iris, metres. The characters' eyeballs are
larger: the iris is moved as far over them as a person's moves at the same gaze."""
_HINGE = np.array([0.0, 0.022, 0.085])
_JAW_ANGLE = 0.36


class Shaped:
    """A head whose shapes are driven."""

    def __init__(self, head: Head) -> None:
        self.places = find_places(head)
        self.head = darkened(head, self.places)
        self.fields = _fields(self.places)
        self._carried = {mesh.kind: _carry(mesh.places, head.skin.places) for mesh in head.meshes
                         if mesh.kind in ("brows", "lashes")}  # fmt: skip

    def __call__(self, weights: np.ndarray) -> dict[str, np.ndarray]:
        """Places of all meshes, in the head's axes, at weights (52,)."""
        skin = self.head.skin.places + np.tensordot(weights, self.fields, 1)
        for lid in self.places.lids:
            skin = _off_the_ball(skin, self.head.skin.places, lid, self.head.radius)
        moved = skin - self.head.skin.places
        found = {"skin": skin}
        for mesh in self.head.meshes:
            if mesh.kind in self._carried:
                nearest, share = self._carried[mesh.kind]
                found[mesh.kind] = mesh.places + (moved[nearest] * share[..., None]).sum(1)
            elif mesh.kind == "eyes":
                found[mesh.kind] = _turned_eyes(self.head, mesh.places, gaze_of(weights))
            elif mesh.kind != "skin":
                found[mesh.kind] = mesh.places
        return found


def gaze_of(weights: np.ndarray) -> np.ndarray:
    """Yaw (towards the performer's left) and pitch (up) of both eyes, radians. Shape (2, 2)."""
    found = np.zeros((2, 2))
    for eye, side in enumerate(("Left", "Right")):
        look = {way: weights[INDEX[f"eyeLook{way}{side}"]] * LOOKS[way] for way in LOOKS}
        found[eye] = SIDES[eye] * (look["Out"] - look["In"]), look["Up"] - look["Down"]
    return found


def turn_of(yaw: float, pitch: float, roll: float = 0.0) -> np.ndarray:
    """The matrix of a head or an eye turned to its left, then up, then rolled, in a camera's axes."""
    (cy, sy), (cp, sp), (cr, sr) = ((np.cos(a), np.sin(a)) for a in (yaw, pitch, roll))
    about_y = np.array([[cy, 0, -sy], [0, 1, 0], [sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cp, sp], [0, -sp, cp]])
    about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return about_y @ about_x @ about_z


def _turned_eyes(head: Head, places: np.ndarray, gaze: np.ndarray) -> np.ndarray:
    found = places.copy()
    for eye, sign in enumerate(SIDES):
        mine = places[:, 0] * sign > 0
        deep = np.sqrt(head.radius**2 - (IRIS / 2) ** 2)
        angles = np.arcsin(np.sin(gaze[eye]) * TRAVEL / deep)
        found[mine] = (places[mine] - head.eyes[eye]) @ turn_of(*angles).T + head.eyes[eye]
    return found


def _carry(places: np.ndarray, skin: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    far, nearest = cKDTree(skin).query(places, k=6)
    share = 1.0 / (far + 1e-4) ** 2
    return nearest, share / share.sum(1, keepdims=True)


def _off_the_ball(skin: np.ndarray, rest: np.ndarray, lid: Lid, radius: float) -> np.ndarray:
    """Lids no deeper than they were, or than a lid over the eyeball."""
    from_eye = skin - lid.centre
    far = np.linalg.norm(from_eye, axis=1)
    least = np.minimum(np.linalg.norm(rest - lid.centre, axis=1), 1.06 * radius)
    sunk = (lid.upper + lid.lower > 0.02) & (far < least)
    skin[sunk] = lid.centre + from_eye[sunk] * (least / far)[sunk, None]
    return skin


def _fields(places: Places) -> np.ndarray:
    """Displacements at weight 1. Shape (52, V, 3)."""
    found = {name: np.zeros((len(places.skin), 3)) for name in SHAPES}
    _eyes(places, found)
    _brows_and_nose(places, found)
    _jaw(places, found)
    _both_lips(places, found)
    _corners(places, found)
    return np.stack([found[name] for name in SHAPES])


def _move(weight: np.ndarray, out: float = 0.0, down: float = 0.0, back: float = 0.0) -> np.ndarray:
    """Millimetres times weights (V,). Shape (V, 3)."""
    return weight[:, None] * np.array([out, down, back]) / 1000


def _rolled(skin: np.ndarray, lid: Lid, angle: np.ndarray) -> np.ndarray:
    """Displacements of vertices that turn down about the eyeball by angles (V,)."""
    from_eye = skin - lid.centre
    cosine, sine = np.cos(angle), np.sin(angle)
    y, z = from_eye[:, 1], from_eye[:, 2]
    return np.stack([0 * y, cosine * y - sine * z - y, sine * y + cosine * z - z], axis=-1)


def _eyes(places: Places, found: dict[str, np.ndarray]) -> None:
    skin = places.skin
    for sign, side, lid in zip(SIDES, ("Left", "Right"), places.lids, strict=True):
        x, y = lid.centre[:2]
        gap, aside = lid.opening, ((skin[:, 0] - x) / 0.0143) ** 2
        cheek = places.near(x, y + 0.024, 0.014, 0.008)
        found["eyeBlink" + side] = _rolled(skin, lid, lid.upper * gap * (0.95 + 0.4 * aside)) + _rolled(
            skin, lid, -lid.lower * gap * 0.1
        )
        found["eyeSquint" + side] = _rolled(skin, lid, -lid.lower * gap * 0.38) + _rolled(
            skin, lid, lid.upper * gap * 0.1
        )
        found["eyeSquint" + side] += _move(cheek, down=-1.0)
        found["eyeWide" + side] = _rolled(skin, lid, -lid.upper * 0.28) + _rolled(skin, lid, lid.lower * 0.04)
        found["eyeLookDown" + side] = _rolled(skin, lid, lid.upper * gap * 0.45 + lid.lower * 0.08)
        found["eyeLookUp" + side] = _rolled(skin, lid, -lid.upper * 0.2 - lid.lower * 0.05)
        found["cheekSquint" + side] = _move(
            cheek + places.near(x + sign * 0.006, y + 0.032, 0.016, 0.012), down=-3.5, back=-1.0
        )
        found["cheekSquint" + side] += _rolled(skin, lid, -lid.lower * gap * 0.15)


def _brows_and_nose(places: Places, found: dict[str, np.ndarray]) -> None:
    brow, nose = places.brow, places.mouth[1] - 0.026
    for sign, side in zip(SIDES, ("Left", "Right"), strict=True):
        half = places.side(sign)
        inner, outer = (places.near(sign * at, brow - 0.003, 0.013, 0.012) for at in (0.015, 0.045))
        middle = places.near(sign * 0.030, brow - 0.003, 0.013, 0.011)
        off = np.clip((places.lids[0].centre[1] - 0.006 - places.skin[:, 1]) / 0.006, 0, 1)  # the lids stay
        found["browDown" + side] = _move(
            (inner + 0.7 * middle + 0.3 * outer) * off * half, out=-sign * 1.5, down=6.5
        )
        found["browInnerUp"] += _move((inner + 0.25 * middle) * off * half, down=-8.0)
        found["browOuterUp" + side] = _move((outer + 0.7 * middle) * off * half, down=-8.0)
        wing = places.near(sign * 0.014, nose, 0.010, 0.012) * half
        crease = places.near(sign * 0.012, (nose + brow) / 2, 0.010, 0.014) * half
        lip = places.above * places.near(sign * 0.016, places.mouth[1] - 0.010, 0.012, 0.008) * half
        found["noseSneer" + side] = _move(wing, out=sign * 0.8, down=-4.5) + _move(
            crease + 0.6 * lip, down=-2.0
        )


def _jaw(places: Places, found: dict[str, np.ndarray]) -> None:
    skin, jaw = places.skin, places.jaw
    arm = skin - _HINGE
    cosine, sine = np.cos(_JAW_ANGLE), np.sin(_JAW_ANGLE)
    turned = np.stack([0 * arm[:, 0], cosine * arm[:, 1] - sine * arm[:, 2] - arm[:, 1],
                       sine * arm[:, 1] + cosine * arm[:, 2] - arm[:, 2]], axis=-1)  # fmt: skip
    corner = places.near(places.half, places.mouth[1], 0.012) + places.near(
        -places.half, places.mouth[1], 0.012
    )
    found["jawOpen"] = turned * jaw[:, None] + _move(corner * (1 - jaw), down=3.0)
    found["jawOpen"] -= _move(corner * np.sign(skin[:, 0]), out=3.0)
    found["jawForward"] = _move(jaw, back=-8.0)
    found["jawLeft"], found["jawRight"] = _move(jaw, out=9.0), _move(jaw, out=-9.0)
    fading = np.clip(1 - (skin[:, 1] - places.mouth[1] - 0.008) / 0.022, 0, 1)
    closing = jaw * fading * np.clip(1.6 - np.abs(skin[:, 0]) / places.half, 0, 1)
    found["mouthClose"] = -turned * closing[:, None] * 0.95
    found["mouthClose"][:, 1] += 0.001 * places.lips * places.above
    cheeks = sum(places.near(sign * 0.042, places.mouth[1] - 0.006, 0.014, 0.016) * sign for sign in SIDES)
    found["cheekPuff"] = _move(cheeks, out=8.0) + _move(np.abs(cheeks), back=-5.0)


def _both_lips(places: Places, found: dict[str, np.ndarray]) -> None:
    x, above, below = places.skin[:, 0], places.above, 1 - places.above
    mouth, half = places.mouth[1], places.half
    ring = np.maximum(places.lips, places.near(0.0, mouth, 0.8 * half, 0.010))
    flat = np.clip(1 - (x / (1.1 * half)) ** 2, 0, 1)
    inward = -x[:, None] * np.array([1.0, 0, 0])
    narrow = places.near(0.0, mouth, 1.1 * half, 0.014)[:, None] * inward
    thin = -(places.skin[:, 1] - mouth)
    found["mouthFunnel"] = 0.38 * narrow + _move(ring * flat, back=-5.5)
    found["mouthFunnel"] += _move(ring * above * flat, down=-3.5) + _move(ring * below * flat, down=5.5)
    found["mouthPucker"] = 0.55 * narrow + _move(ring * flat, back=-7.0)
    found["mouthPucker"][:, 1] += 0.25 * thin * places.lips
    whole = places.near(0.0, mouth, 1.3 * half, 0.016)
    found["mouthLeft"], found["mouthRight"] = _move(whole, out=9.0), _move(whole, out=-9.0)
    for name, own in (("Upper", above), ("Lower", below)):
        rolled = found["mouthRoll" + name]
        rolled[:, 1] += 0.75 * thin * places.lips * own * flat
        rolled += _move(ring * own * flat, back=4.0)
    chin = places.near(0.0, mouth + 0.028, 0.018, 0.014)
    found["mouthShrugLower"] = _move(ring * below * flat + 0.8 * chin, down=-4.5, back=-1.5)
    found["mouthShrugLower"] += _move(ring * above * flat, down=-1.5)
    found["mouthShrugUpper"] = _move(ring * above * flat, down=-4.0, back=-2.0)
    found["mouthShrugUpper"] += _move(ring * below * flat, down=-2.5)


def _corners(places: Places, found: dict[str, np.ndarray]) -> None:
    mouth, half = places.mouth[1], places.half
    for sign, side in zip(SIDES, ("Left", "Right"), strict=True):
        mine = places.side(sign, 0.008)
        corner = places.near(sign * half, mouth, 0.014, 0.012) * mine
        cheek = places.near(sign * (half + 0.014), mouth - 0.024, 0.014, 0.014) * mine
        found["mouthSmile" + side] = _move(corner, out=sign * 8.0, down=-9.0, back=4.0)
        found["mouthSmile" + side] += _move(cheek, out=sign * 1.5, down=-3.5, back=-1.5)
        found["mouthFrown" + side] = _move(corner, out=sign * 1.0, down=8.0, back=0.5)
        found["mouthDimple" + side] = _move(corner, out=sign * 5.0, down=-1.0, back=5.0)
        found["mouthStretch" + side] = _move(corner, out=sign * 9.0, down=3.0, back=3.0)
        found["mouthStretch" + side] += _move(
            places.near(sign * half, mouth + 0.02, 0.014) * mine, out=sign * 3.0, down=3.0
        )
        part = places.near(sign * 0.5 * half, mouth, 0.011, 0.016) * np.maximum(places.lips, 0.4) * mine
        found["mouthLowerDown" + side] = _move(part * (1 - places.above), out=sign * 0.5, down=6.5)
        found["mouthUpperUp" + side] = _move(part * places.above, down=-6.0)
        squeeze = places.near(sign * 0.55 * half, mouth, 0.013, 0.016) * places.lips * mine
        found["mouthPress" + side][:, 1] += -0.55 * (places.skin[:, 1] - mouth) * squeeze
        found["mouthPress" + side] += _move(corner, back=2.0)
