"""Where a stream goes to or comes from, as it is written: HOST:PORT."""

from __future__ import annotations

import re

from ...errors import BlazeRigError

LOOPBACK = "127.0.0.1"
PORT = 39539
"""Where programs that show a character listen, by the protocol's custom."""
SCHEME = "vmc://"
"""Before the address of a stream that comes from another program."""
_WRITTEN = re.compile(r"(?:(?P<host>[^:\[\]]*|\[[0-9a-fA-F:.%\w]+\]):)?(?P<port>[0-9]{1,5})")


def address(text: str) -> tuple[str, int]:
    """Host and port of `HOST:PORT`; a host that is left out is this machine.

    Raises:
        BlazeRigError: It is written otherwise, or there is no such port.
    """
    parts = _WRITTEN.fullmatch(text)
    if parts is None or not 0 < int(parts["port"]) < 65536:
        raise BlazeRigError(f"'{text}' is no address; write it as HOST:PORT, {LOOPBACK}:{PORT} for example")
    return (parts["host"] or LOOPBACK).strip("[]"), int(parts["port"])
