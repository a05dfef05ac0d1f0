"""What the user says of stretches of a take, kept with the take so that undo covers it.

Property annotations must be values, not strings: no `from __future__ import annotations` here.
"""

import bpy
from bpy.props import CollectionProperty, FloatProperty, StringProperty

from ...solver.edits import Edits
from .spans import Spans, joined


class EditSpan(bpy.types.PropertyGroup):
    """A stretch of one part."""

    part: StringProperty(name="Part", description="Which part of the performer this stretch is about")
    start: FloatProperty(
        name="Start", description="Where the stretch begins, in seconds of the footage", unit="TIME_ABSOLUTE"
    )
    end: FloatProperty(
        name="End", description="Where the stretch ends, in seconds of the footage", unit="TIME_ABSOLUTE"
    )


class EditPart(bpy.types.PropertyGroup):
    """A part whose contacts are the user's; its name is the part's. It may stand at no time at all."""


class TakeEdits(bpy.types.PropertyGroup):
    """The edits of one take, as `solver.edits.Edits`."""

    standing: CollectionProperty(
        name="Edited Contacts", description="Parts whose contacts are yours", type=EditPart
    )
    contacts: CollectionProperty(
        name="Contacts", description="When the parts in Edited Contacts stand", type=EditSpan
    )
    ignore: CollectionProperty(name="Ignored", description="Where the nets are not believed", type=EditSpan)
    smooth: CollectionProperty(
        name="Smoothed", description="Where the motion is calmer than usual", type=EditSpan
    )


def edits_of(group: TakeEdits) -> Edits:
    """What the solver is told."""
    own = {part.name: () for part in group.standing}
    return Edits(own | _spans(group.contacts), _spans(group.ignore), _spans(group.smooth))


def put_edits(group: TakeEdits, edits: Edits) -> None:
    """Have `group` say what `edits` say."""
    group.standing.clear()
    for part in edits.contacts:
        group.standing.add().name = part
    for kind in ("contacts", "ignore", "smooth"):
        collection = getattr(group, kind)
        collection.clear()
        for part, spans in getattr(edits, kind).items():
            for start, end in spans:
                item = collection.add()
                item.part, item.start, item.end = part, start, end


def _spans(collection: bpy.types.bpy_prop_collection) -> dict[str, Spans]:
    by_part: dict[str, list[tuple[float, float]]] = {}
    for item in collection:
        by_part.setdefault(item.part, []).append((item.start, item.end))
    return {part: joined(tuple(spans)) for part, spans in by_part.items()}


CLASSES = (EditSpan, EditPart, TakeEdits)
