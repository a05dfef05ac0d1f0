"""The course of a recording: when the count-in is over, when a pass begins and ends. Without Blender.

Either the scene stands still, and frames count at its rate; or it plays, and what it shows is what counts.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .record_timing import Timing, followed, steady

LEAD = 0.25
"""Seconds that are recorded before the first frame and after the last, so that both are well known."""
AHEAD = 0.5
"""Seconds before its beginning at which the next pass is asked for."""


@dataclass(frozen=True)
class Plan:
    """What is to be recorded.

    Attributes:
        first: Frame of the scene that the recording begins at; None where it is whichever shows then.
        last: Frame that it ends at; infinite where it goes on until it is stopped.
        again: It begins anew when it has ended, until it is stopped.
        count_in: Seconds before it begins.
        rate: Frames per second of the scene.
    """

    first: float | None
    last: float
    again: bool
    count_in: float
    rate: float


@dataclass
class Pass:
    """One recording among those that follow each other.

    Attributes:
        path: File of its take.
        since: From when on frames of the camera are recorded, on the clock `time.perf_counter`.
        first: Frame of the scene at which it begins.
        last: And at which it ends, at the latest.
        timing: Which frame showed when, where that is known from the outset.
        shown: When which frame began to show, where the scene plays.
    """

    path: Path
    since: float
    first: float
    last: float
    timing: Timing | None = None
    shown: list[tuple[float, float]] = field(default_factory=list)

    def show(self, now: float, frame: float) -> None:
        """The scene shows `frame`, as it did before or another one."""
        if not self.shown or frame > self.shown[-1][1]:
            self.shown.append((now, frame))

    def clock(self, rate: float) -> Timing:
        """Which frame of the scene showed when."""
        if self.timing is not None:
            return self.timing
        return followed(self.shown or [(self.since, self.first)], rate)


class Course:
    """What both kinds of recording have in common.

    Attributes:
        passes: Those that were asked for.
        commands: For the worker, not sent yet.
        stopped: When it was ended; infinite while it goes on.
    """

    def __init__(self, plan: Plan, path: Callable[[], Path]) -> None:
        """Of a `plan`; `path` gives each pass a file of its own."""
        self.plan, self._path = plan, path
        self.passes: list[Pass] = []
        self.commands: list[dict[str, Any]] = []
        self.stopped = math.inf

    def stop(self, at: float) -> None:
        """Record nothing that is captured later than `at`."""
        if at < self.stopped:
            self.stopped = at
            self.commands.append({"record_end": at})

    def over(self, now: float) -> bool:
        """Whether all is recorded that was to be."""
        return now >= self.stopped

    def _ask(self, one: Pass) -> None:
        self.passes.append(one)
        self.commands.append({"record": str(one.path), "from": one.since})


class Steady(Course):
    """While the scene stands still."""

    def __init__(self, plan: Plan, path: Callable[[], Path], now: float) -> None:
        super().__init__(plan, path)
        assert plan.first is not None
        self._zero = now + plan.count_in
        self._ask_for(self._zero, max(now, self._zero - LEAD))

    def update(self, now: float) -> None:
        """See whether the next pass is due; to be called often."""
        if self.plan.again and now < self.stopped and now > self._zero + self._length() - AHEAD:
            self._zero += self._length()
            self._ask_for(self._zero, self._zero)

    def left(self, now: float) -> float:
        """Seconds of the count-in that are left, 0 when it is over."""
        return max(0.0, self._zero - now) if len(self.passes) == 1 else 0.0

    def _length(self) -> float:
        """Seconds of a pass, at the end of which its last frame has shown as long as each other."""
        assert self.plan.first is not None
        return (self.plan.last - self.plan.first + 1.0) / self.plan.rate

    def _ask_for(self, zero: float, since: float) -> None:
        plan = self.plan
        assert plan.first is not None
        self._ask(Pass(self._path(), since, plan.first, plan.last, steady(zero, plan.first, plan.rate)))
        if not plan.again and math.isfinite(plan.last):
            self.stop(zero + self._length() + LEAD)


class Followed(Course):
    """While the scene plays."""

    def __init__(self, plan: Plan, path: Callable[[], Path], now: float) -> None:
        super().__init__(plan, path)
        self._ready = now + plan.count_in
        self._lead = LEAD * plan.rate
        self._frame = -math.inf
        self._step = 0.0
        self._running = False

    def update(self, now: float, *, playing: bool) -> None:
        """See whether the scene still plays; to be called often."""
        if not playing:
            self.stop(now)

    def show(self, now: float, frame: float) -> None:
        """The scene shows another frame; those that come again begin a new pass, or end the only one."""
        before, self._frame = self._frame, frame
        self._step = frame - before if before < frame and before > -math.inf else self._step
        ended = frame < before or frame > self.plan.last + self._lead
        if self._running and ended:
            self._running = False
            if not self.plan.again:
                self.stop(now)
        if now >= self.stopped:
            return
        if not self._running and self._due(now, before, frame):
            self._running = True
            self._ask(Pass(self._path(), now, self._first(now, frame), self.plan.last))
        if self._running:
            self.passes[-1].show(now, frame)

    def left(self, now: float) -> float:
        """Seconds until the recording begins, 0 when it has."""
        if self.plan.first is None:
            return max(0.0, self._ready - now)
        if len(self.passes) > 1:
            return 0.0
        return max(0.0, (self.plan.first - self._frame) / self.plan.rate)

    def _due(self, now: float, before: float, frame: float) -> bool:
        """Whether the range comes soon, or has just come: playback that drops frames may leap over it."""
        first, last = self.plan.first, self.plan.last
        if first is None:
            return now >= self._ready - LEAD
        begun = before == -math.inf
        reach = max(self._lead, 2.0 * self._step, self.plan.count_in * self.plan.rate if begun else 0.0)
        entered = not begun and first <= frame <= last and not first <= before <= frame
        return entered or 0.0 <= first - frame <= reach

    def _first(self, now: float, frame: float) -> float:
        if self.plan.first is None:
            return frame + max(0.0, self._ready - now) * self.plan.rate
        return max(self.plan.first, frame)
