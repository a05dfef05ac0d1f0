"""A pose as the datagrams of the protocol, and what comes in them."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import numpy as np
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket, ParseError

from .bones import ORIGIN, ROOT, Placed

OK, TIME = "/VMC/Ext/OK", "/VMC/Ext/T"
ROOT_AT, BONE_AT = "/VMC/Ext/Root/Pos", "/VMC/Ext/Bone/Pos"
BLEND, APPLY = "/VMC/Ext/Blend/Val", "/VMC/Ext/Blend/Apply"

LIMIT = 1472
"""Bytes of a datagram that Ethernet carries in one piece: 1500, less the heads of IPv4 (20) and UDP (8)."""
_BUNDLE = OscBundleBuilder(IMMEDIATELY).build().dgram
_LOADED, _CALIBRATED, _NORMAL = 1, 3, 0
_NUMBERS, _VALUE = struct.Struct(">7f"), struct.Struct(">f")
_SCALE, _OFFSET = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
"""Of the performer's body against the character's, for mixed reality: root's longer form (protocol 2.1)."""


def datagrams(
    bones: Mapping[str, Placed], time: float, *, seen: bool, expressions: Mapping[str, float] | None = None
) -> Iterator[bytes]:
    """A frame as bundles that are small enough for the network.

    Args:
        bones: By Unity's names.
        time: Seconds since the stream began.
        seen: Whether somebody is tracked.
        expressions: Of the face, values by name; None where none is looked for.

    State and time come last: receivers that show a frame as a whole take them for its end.
    """
    messages = [_message(ROOT_AT, ROOT, *_numbers(ORIGIN), *_SCALE, *_OFFSET)]
    messages += [_head(name) + _NUMBERS.pack(*_numbers(bone)) for name, bone in bones.items()]
    if expressions is not None:
        messages += [_blend(name) + _VALUE.pack(value) for name, value in expressions.items()]
        messages.append(_message(APPLY))
    messages += [_message(OK, _LOADED, _CALIBRATED, _NORMAL, int(seen)), _message(TIME, float(time))]
    return _bundles(messages)


def read(datagram: bytes) -> list[OscMessage]:
    """The messages in a datagram; none where it is no OSC."""
    try:
        return [timed.message for timed in OscPacket(datagram).messages]
    except (ParseError, ValueError, RecursionError):
        return []


def placed(message: OscMessage) -> tuple[str, Placed] | None:
    """Name and place that a message of a bone or of the root tells; None where it tells none."""
    match message.params:
        case [str(name), *numbers] if len(numbers) >= 7 and all(isinstance(n, int | float) for n in numbers):
            values = np.array(numbers[:7], float)
        case _:
            return None
    turn = float(np.linalg.norm(values[3:]))
    if not np.isfinite(values).all() or turn == 0.0:
        return None
    return name, Placed(values[:3], values[3:] / turn)


def valued(message: OscMessage) -> tuple[str, float] | None:
    """Name and value that a message of an expression tells; None where it tells none."""
    match message.params:
        case [str(name), float(value) | int(value), *_] if math.isfinite(value):
            return name, float(value)
        case _:
            return None


def _numbers(bone: Placed) -> list[float]:
    return [*bone.position.tolist(), *bone.rotation.tolist()]


@cache
def _head(name: str) -> bytes:
    """A bone's message but for its numbers, which stand at its end: the rest is always the same."""
    return _message(BONE_AT, name, *_numbers(ORIGIN))[: -_NUMBERS.size]


@cache
def _blend(name: str) -> bytes:
    """Likewise, an expression's."""
    return _message(BLEND, name, 0.0)[: -_VALUE.size]


def _message(address: str, *arguments: str | float) -> bytes:
    builder = OscMessageBuilder(address)
    for argument in arguments:
        builder.add_arg(argument)
    return builder.build().dgram


def _bundles(messages: Iterable[bytes]) -> Iterator[bytes]:
    """Messages in as few bundles as their order and `LIMIT` allow."""
    bundle = _BUNDLE
    for message in messages:
        content = len(message).to_bytes(4, "big") + message
        if len(bundle) + len(content) > LIMIT:
            yield bundle
            bundle = _BUNDLE
        bundle += content
    yield bundle
