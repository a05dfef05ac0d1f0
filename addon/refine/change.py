"""What is done to edits: new edits from old ones, without Blender."""

from __future__ import annotations

from dataclasses import replace

from ...solver.edits import Edits
from .spans import Spans, added

KINDS = ("contacts", "ignore", "smooth")


def spans_of(edits: Edits, kind: str, part: str, found: Spans = ()) -> Spans:
    """Stretches of a part: those said by hand, or else those `found`."""
    return tuple(getattr(edits, kind).get(part, found))


def with_spans(edits: Edits, kind: str, part: str, spans: Spans) -> Edits:
    """With other stretches of a part.

    No stretch at all means of contacts that the part never stands, of the others that nothing is said.
    """
    table = {name: value for name, value in getattr(edits, kind).items() if name != part}
    if spans or kind == "contacts":
        table[part] = spans
    return replace(edits, **{kind: table})


def restored(edits: Edits, part: str) -> Edits:
    """With the contacts of a part as the solver finds them."""
    return replace(edits, contacts={name: value for name, value in edits.contacts.items() if name != part})


def with_span(edits: Edits, kind: str, part: str, span: tuple[float, float], found: Spans = ()) -> Edits:
    """With one more stretch of a part."""
    return with_spans(edits, kind, part, added(spans_of(edits, kind, part, found), span))
