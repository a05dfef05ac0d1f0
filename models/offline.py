"""A clip that is known as a whole: two passes over the footage. The offline clock.

    looks now and then ──people──▶ who is where ──regions──▶ every frame: glance ──▶ look closer

The first pass finds people and where they are. The second runs the nets on every frame, many at once,
since no frame waits for the one before: a glance at body, wrists and head tells where hands and
face are, and a closer look, which knows the frames on either side, sees their landmarks.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass
from itertools import chain, islice
from typing import TypeVar

from .body import Seen, roi_of_body
from .face import SeenFace, roi_of_head
from .hands import SIDES, SeenHand, roi_of_wrist, wrist_seen
from .holistic import Performer
from .nets import FaceNets, HandNets, Nets
from .regions import Way, mean_roi
from .roi import Picture, Roi
from .video import Frame

In = TypeVar("In")
Out = TypeVar("Out")
_STRAY = 0.25
"""How far the middle of a body may lie from that of its region, in shares of the side."""


@dataclass(frozen=True)
class Glance:
    """What is known of a frame before the closer look: the body, and where hands and face are."""

    frame: Frame
    seen: Seen | None
    hands: dict[str, Roi]
    face: Roi | None


Moment = tuple[Glance | None, Glance, Glance | None]
"""A frame between those beside it."""


def follow(
    frames: Iterable[Frame], way: Way, nets: Nets, pool: Executor, *, ahead: int, batch: int
) -> Iterator[tuple[Frame, Performer | None]]:
    """The performer in every frame, in the order of time.

    Args:
        frames: In the order of time; no more are held than are in work.
        way: Where the performer is.
        nets: Used from several threads at once.
        pool: Runs the nets.
        ahead: How many batches are in work at a time.
        batch: How many frames go through the nets at once.
    """
    glances = chain.from_iterable(
        in_order(pool, lambda some: glance(some, way, nets), batched(frames, batch), ahead)
    )
    seen = in_order(pool, lambda some: look_closer(some, nets), batched(moments(glances), batch), ahead)
    return chain.from_iterable(seen)


def glance(frames: Sequence[Frame], way: Way, nets: Nets) -> list[Glance]:
    """The body in each frame, and where its hands and its face are."""
    rois = [way.roi(frame.time) for frame in frames]
    found = zip(_look(nets.pose, frames, rois), rois, strict=True)
    bodies = [
        seen if seen is not None and roi is not None and _at_home(seen, roi) else None for seen, roi in found
    ]
    hands = _find_hands(frames, bodies, nets.hands) if nets.hands else [{} for _ in frames]
    faces = _find_faces(frames, bodies, nets.face) if nets.face else [None for _ in frames]
    return [Glance(*row) for row in zip(frames, bodies, hands, faces, strict=True)]


def look_closer(moments: Sequence[Moment], nets: Nets) -> list[tuple[Frame, Performer | None]]:
    """Body, hands and face of the frame in the middle of each moment."""
    sides: dict[str, list[SeenHand | None]] = {side: [None] * len(moments) for side in SIDES}
    faces: list[SeenFace | None] = [None] * len(moments)
    if nets.hands:
        rois = [_calm(moment, lambda one, s=side: one.hands.get(s)) for side in SIDES for moment in moments]
        seen = _look(nets.hands.net, list(moments) * 2, rois)
        sides = {"left": seen[: len(moments)], "right": seen[len(moments) :]}
    if nets.face:
        faces = _look(nets.face.net, moments, [_calm(moment, lambda one: one.face) for moment in moments])
    bodies = [now.seen.body if now.seen else None for _, now, _ in moments]
    rows = zip(bodies, sides["left"], sides["right"], faces, strict=True)
    performers = [body and Performer(body, body, left, right, face) for body, left, right, face in rows]
    return [(now.frame, performer) for (_, now, _), performer in zip(moments, performers, strict=True)]


def _find_hands(
    frames: Sequence[Frame], bodies: Sequence[Seen | None], nets: HandNets
) -> list[dict[str, Roi]]:
    """The regions of both hands of each body, by side."""
    asked = [
        (i, side, roi_of_wrist(seen.body.image, side))
        for i, seen in enumerate(bodies)
        if seen is not None
        for side in SIDES
        if wrist_seen(seen.body, side)
    ]
    found = nets.finder([frames[i].picture for i, _, _ in asked], [roi for _, _, roi in asked])
    rois: list[dict[str, Roi]] = [{} for _ in frames]
    for (i, side, _), roi in zip(asked, found, strict=True):
        rois[i][side] = roi
    return rois


def _find_faces(frames: Sequence[Frame], bodies: Sequence[Seen | None], nets: FaceNets) -> list[Roi | None]:
    """The region of the face of each body."""
    rois = [roi_of_head(seen.body.image) if seen is not None else None for seen in bodies]
    return _look(nets.finder, frames, rois)


def _at_home(seen: Seen, roi: Roi) -> bool:
    """Whether the body is the one that the region was meant for, not somebody beside it."""
    found = roi_of_body(seen.aux)
    return math.dist((found.x, found.y), (roi.x, roi.y)) < _STRAY * roi.size


def _calm(moment: Moment, part: Callable[[Glance], Roi | None]) -> Roi | None:
    """The region of a part in the middle of a moment, calmed by the frames beside it."""
    there = [one for one in moment if one is not None]
    index = 0 if moment[0] is None else 1
    return mean_roi([part(one) for one in there], [one.frame.time for one in there], index)


def _look(
    net: Callable[[Sequence[Picture], Sequence[Roi]], list[Out | None]],
    places: Sequence[Frame | Moment],
    rois: Sequence[Roi | None],
) -> list[Out | None]:
    """What a net sees in the regions that there are, all in one batch."""
    found: list[Out | None] = [None] * len(places)
    there = [(i, roi) for i, roi in enumerate(rois) if roi is not None]
    pictures = [_picture(places[i]) for i, _ in there]
    for (i, _), seen in zip(there, net(pictures, [roi for _, roi in there]), strict=True):
        found[i] = seen
    return found


def _picture(place: Frame | Moment) -> Picture:
    return place.picture if isinstance(place, Frame) else place[1].frame.picture


def moments(glances: Iterable[Glance]) -> Iterator[Moment]:
    """Each glance with the one before and the one after it."""
    before: Glance | None = None
    now: Glance | None = None
    for after in glances:
        if now is not None:
            yield before, now, after
        before, now = now, after
    if now is not None:
        yield before, now, None


def batched(items: Iterable[In], size: int) -> Iterator[list[In]]:
    """Lists of `size` items, the last as long as it comes."""
    items = iter(items)
    while batch := list(islice(items, size)):
        yield batch


def in_order(
    pool: Executor, work: Callable[[In], Out], items: Iterable[In], ahead: int
) -> Generator[Out, None, None]:
    """What `work` makes of each item, in their order, with up to `ahead` of them in work.

    Closed early, or ended by an error, it leaves nothing in work.
    """
    running: deque[Future[Out]] = deque()
    try:
        for item in items:
            running.append(pool.submit(work, item))
            if len(running) >= ahead:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
    finally:
        wait([future for future in running if not future.cancel()])
