"""The report of a solved take: its figures, and frames of the footage where that can be found."""

from __future__ import annotations

from pathlib import Path

from ..errors import BlazeRigError
from ..models.roi import Picture
from ..models.video import Video
from ..report.measures import measure
from ..report.page import write_page
from ..report.verdict import frames_to_show
from ..solver.settings import Settings
from ..solver.solution import Solution
from ..take import Take
from .stop import warn


def write_report(
    path: Path, take: Take, solution: Solution, settings: Settings, footage: Path | None
) -> None:
    """Measure and write the page, with pictures where there is footage.

    Raises:
        BlazeRigError: The page cannot be written.
    """
    measures = measure(take, solution, known_height=settings.height is not None)
    worst, regular = frames_to_show(measures)
    pictures = pictures_at(footage, take, sorted({*worst, *regular})) if footage else {}
    write_page(path, take, solution, measures, pictures, settings)


def footage_of(source: Path, take: Take, given: Path | None) -> Path | None:
    """The footage of a take: what was `given`, `source` itself, or a file of its name beside it or here.

    Raises:
        BlazeRigError: What was given cannot be read, or has pictures of another size than the take's.
    """
    if given:
        check_size(given, take)
        return given
    if source.suffix.lower() != ".npz":
        return source
    for path in (source.with_name(take.source), Path(take.source)):
        if take.source and path.is_file():
            try:
                check_size(path, take)
            except BlazeRigError as error:
                warn((f"the report goes without pictures: {error}",))
                return None
            return path
    return None


def check_size(footage: Path, take: Take) -> None:
    """Make sure that the footage can be that of the take."""
    with Video(footage) as video:
        size, own = tuple(video.size), tuple(int(length) for length in take.size)
    if size != own:
        raise BlazeRigError(
            f"{footage} is {size[0]}x{size[1]}, {take.source} was {own[0]}x{own[1]}; name that with --footage"
        )


def pictures_at(footage: Path, take: Take, frames: list[int]) -> dict[int, Picture]:
    """Frames of a take as pictures, BGR, by index; those that cannot be decoded are left out."""
    found: dict[int, Picture] = {}
    last = float(take.times[max(frames)])
    with Video(footage) as video:
        for shown in video.frames():
            for frame in frames:
                if abs(float(take.times[frame]) - shown.time) < 0.5 / take.fps:
                    found.setdefault(frame, shown.picture)
            if shown.time > last:
                break
    return found
