"""The page: one HTML file that needs nothing else, readable in light and dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import VERSION
from ..output import written_whole
from ..solver.height import standing_height
from ..solver.settings import Settings
from ..solver.settings_file import changes
from ..solver.solution import Solution
from ..take import Floats, Take
from .figure import figure
from .measures import SURE, TOLERANCE, Measures
from .over_time import charts, section
from .verdict import Stretch, Verdict, frames_to_show, judge

Pictures = Mapping[int, NDArray[Any]]
_FOLDER = Path(__file__).parent
_LIMB_KEY = (
    '<i class="key left"></i> performer&rsquo;s left <i class="key right"></i> right '
    '<i class="key dot"></i> landmarks as they were seen'
)
_DOUBT = (
    f"Doubtful is a limb that the solver believed by less than {100 * SURE:.0f} %, or put farther than "
    f"{100 * TOLERANCE:.0f} % of the torso&rsquo;s length from where it was seen in the picture."
)


def write_page(
    path: Path, take: Take, solution: Solution, measures: Measures, pictures: Pictures, settings: Settings
) -> None:
    """Write the report of a clip beside `path` and rename it.

    Args:
        path: The file.
        take: What was seen.
        solution: What was made of it.
        measures: Its figures.
        pictures: Frames of the footage, BGR, by index; those that are missing are drawn without.
        settings: What was known of the clip.

    Raises:
        BlazeRigError: The file cannot be written.
    """
    text = page(take, solution, measures, pictures, settings)
    with written_whole(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8")


def page(take: Take, solution: Solution, measures: Measures, pictures: Pictures, settings: Settings) -> str:
    """The report as HTML."""
    style, script = ((_FOLDER / name).read_text("utf-8") for name in ("page.css", "page.js"))
    title = escape(take.source)
    body = "".join(
        (
            _head(take, solution, settings),
            _verdicts(judge(measures), measures),
            _figures(solution, measures, pictures),
            *charts(measures),
            _foot(),
        )
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{title} · BlazeRig</title>'
        f'<style>{style}</style></head><body data-fps="{take.fps:g}"><main>{body}</main>'
        f'<output id="now" hidden></output><script>{script}</script></body></html>\n'
    )


def _head(take: Take, solution: Solution, settings: Settings) -> str:
    times, camera = solution.pose.times, solution.camera
    view = np.degrees(2 * np.arctan(float(np.hypot(*take.size)) / 2 / camera.focal))
    pitch = np.degrees(np.arcsin(np.clip(-solution.world_from_camera[2, 2], -1, 1)))
    frames = f"{len(times)} frames" if len(times) > 1 else "1 frame"
    facts = {
        "clip": f"{frames}, {times[-1] - times[0]:.1f} s, {take.size[0]} x {take.size[1]} px",
        "performer": f"{standing_height(solution.pose.rest):.2f} m tall",
        "camera": f"{view:.0f}° from corner to corner, {solution.eye[2]:.2f} m above the floor, "
        f"looks {abs(pitch):.0f}° {'down' if pitch >= 0 else 'up'}",
    }
    if changed := changes(settings):
        facts["settings"] = ", ".join(f"{name} = {_value(value)}" for name, value in changed.items())
    rows = "".join(f"<dt>{name}</dt><dd>{escape(fact)}</dd>" for name, fact in facts.items())
    return f"<header><h1>{escape(take.source)}</h1><dl>{rows}</dl></header>"


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{part} {len(spans)}x" for part, spans in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)


def _verdicts(verdicts: Sequence[Verdict], measures: Measures) -> str:
    rows = "".join(
        f'<tr><th scope="row">{one.part}</th><td class="share"><b>{100 * one.trusted:.0f} %</b>'
        f'<span class="meter"><i style="width:{100 * one.trusted:.1f}%"></i></span></td>'
        f"<td>{_worst(one, measures)}</td></tr>"
        for one in verdicts
    )
    table = f'<table class="verdict"><tbody>{rows}</tbody></table>'
    return section("How much of it can be trusted", table, _DOUBT)


def _worst(verdict: Verdict, measures: Measures) -> str:
    if not verdict.worst:
        return '<span class="fine">the whole clip</span>'
    told = [
        f'<span class="when">{_when(one, measures.times)}</span> {one.limb}: {escape(one.reason)}'
        for one in verdict.worst
    ]
    if verdict.others:
        told.append(f'<span class="fine">and {verdict.others} less bad</span>')
    return "<br>".join(told)


def _when(stretch: Stretch, times: Floats) -> str:
    first, last = times[stretch.first], times[stretch.last]
    return f"{first:.2f} s" if stretch.first == stretch.last else f"{first:.2f} &ndash; {last:.2f} s"


def _figures(solution: Solution, measures: Measures, pictures: Pictures) -> str:
    worst, regular = frames_to_show(measures)

    def row(title: str, frames: Sequence[int]) -> str:
        shown = "".join(
            f"<figure>{figure(measures.take, solution, frame, pictures.get(frame))}"
            f"<figcaption><b>{measures.times[frame]:.2f} s</b> {_doubts(measures, frame)}</figcaption>"
            "</figure>"
            for frame in frames
        )
        head = f"<h3>{title}</h3>" if title else ""
        return f'{head}<div class="figures">{shown}</div>' if frames else ""

    content = row("The worst frames", worst) + row("Others, evenly spaced" if worst else "", regular)
    return section("What was seen, and what was made of it", content, _LIMB_KEY)


def _doubts(measures: Measures, frame: int) -> str:
    doubtful = [name for name, limb in measures.limbs.items() if limb.doubtful[frame]]
    told = "everything" if len(doubtful) == len(measures.limbs) else ", ".join(doubtful)
    note = "; left and right put right" if measures.exchanged[frame] else ""
    return (f"doubtful: {told}" if doubtful else "nothing doubtful") + note


def _foot() -> str:
    return f"<footer>BlazeRig {VERSION} · docs/solving.md tells how to read this page</footer>"
