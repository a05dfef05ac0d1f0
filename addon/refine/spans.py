"""Stretches of a part: added, moved, taken away. Seconds, in order, never overlapping."""

from __future__ import annotations

Span = tuple[float, float]
Spans = tuple[Span, ...]

SHORTEST = 0.05
"""Seconds that a stretch lasts at least: two frames or so."""


def joined(spans: Spans) -> Spans:
    """The stretches in order; those that overlap become one."""
    out: list[Span] = []
    for start, end in sorted((min(span), max(span)) for span in spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return tuple(out)


def added(spans: Spans, span: Span) -> Spans:
    """With one more, which takes up those that it touches."""
    return joined((*spans, span))


def removed(spans: Spans, index: int) -> Spans:
    """Without one."""
    return spans[:index] + spans[index + 1 :]


def moved(spans: Spans, index: int, span: Span) -> Spans:
    """One of them elsewhere, or longer or shorter; it takes up those that it now touches."""
    return added(removed(spans, index), span)


def dragged(span: Span, handle: str, by: float, limits: Span) -> Span:
    """A stretch after its `start`, its `end` or all of it (`whole`) was moved by seconds.

    It stays within `limits` and at least `SHORTEST` long.
    """
    (start, end), (first, last) = span, limits
    if handle == "start":
        return min(max(start + by, first), end - SHORTEST), end
    if handle == "end":
        return start, max(min(end + by, last), start + SHORTEST)
    by = min(max(by, first - start), last - end)
    return start + by, end + by
