"""Settings from a TOML file, and back into its terms. `docs/settings.toml` documents every one of them."""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

from ..errors import BlazeRigError
from ..output import written_whole
from .edits import checked_spans
from .settings import DEFAULTS, Settings


def load_settings(path: Path) -> Settings:
    """The settings of a file; what it does not name keeps its default.

    Raises:
        BlazeRigError: The file cannot be read, is no TOML, or a setting in it is unknown, of another
            type than it should be, or out of its range.
    """
    try:
        with path.open("rb") as file:
            table = tomllib.load(file)
    except FileNotFoundError as error:
        raise BlazeRigError(f"{path} does not exist; check its name") from error
    except OSError as error:
        raise BlazeRigError(f"cannot read {path}: {error.strerror or error}; check the file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BlazeRigError(f"{path} is no TOML: {error}; write lines like: height = 1.75") from error
    try:
        return _filled(Settings, table, "")
    except BlazeRigError as error:
        raise BlazeRigError(f"{path}: {error}") from error


def read_settings(path: Path | None) -> Settings:
    """The settings of a file where one is given, or else the defaults.

    Raises:
        BlazeRigError: As `load_settings`.
    """
    return DEFAULTS if path is None else load_settings(path)


def changes(settings: Settings) -> dict[str, object]:
    """The settings that are not the defaults, by their names in a file."""
    default = dict(_values(DEFAULTS, ""))
    return {name: value for name, value in _values(settings, "") if value != default[name]}


def save_settings(settings: Settings, path: Path) -> None:
    """Write the settings that are not the defaults to a file, so that `load_settings` gives them back.

    Raises:
        BlazeRigError: The file cannot be written.
    """
    with written_whole(path) as unfinished:
        unfinished.write_text(settings_text(settings), encoding="utf-8")


def settings_text(settings: Settings) -> str:
    """The settings that are not the defaults, as a file has them."""
    tables: dict[str, list[str]] = {}
    for name, value in changes(settings).items():
        table, _, own = name.rpartition(".")
        if isinstance(value, Mapping):
            tables[name] = [f"{part} = {_written(spans)}" for part, spans in value.items()]
        else:
            tables.setdefault(table, []).append(f"{own} = {_written(value)}")
    return "".join(
        (f"[{table}]\n" if table else "") + "".join(f"{line}\n" for line in tables[table])
        for table in sorted(tables)  # what belongs to no table comes first
    )


def _written(value: object) -> str:
    """A setting's value as TOML has it."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_written, value))}]"
    return str(value).lower() if isinstance(value, bool) else repr(value)


def names() -> list[str]:
    """Every setting by its name in a file, those of a table as `table.setting`."""
    return [name for name, _ in _values(DEFAULTS, "")]


def _values(settings: object, prefix: str) -> Iterator[tuple[str, object]]:
    for one in fields(settings):  # pyright: ignore[reportArgumentType]
        value = getattr(settings, one.name)
        if is_dataclass(value):
            yield from _values(value, f"{prefix}{one.name}.")
        else:
            yield prefix + one.name, value


def _filled(kind: type, table: Mapping[str, Any], prefix: str) -> Any:
    """A dataclass of settings from a table; `prefix` is what stands before its names."""
    types = get_type_hints(kind)
    known = {one.name: one for one in fields(kind)}
    found: dict[str, object] = {}
    for name, value in table.items():
        full = prefix + name
        if name not in known:
            raise _unknown(full)
        if "parts" in known[name].metadata:
            found[name] = checked_spans(full, value, known[name].metadata["parts"])
        elif not is_dataclass(types[name]):
            found[name] = _checked(full, value, types[name], known[name].metadata)
        elif isinstance(value, dict):
            found[name] = _filled(types[name], value, f"{full}.")
        else:
            raise BlazeRigError(f"{full} is a table; write its settings below a line [{full}]")
    return kind(**found)


def _unknown(name: str) -> BlazeRigError:
    nearest = difflib.get_close_matches(name, names(), n=1, cutoff=0.5)
    if nearest:
        return BlazeRigError(f"there is no setting '{name}'; did you mean '{nearest[0]}'?")
    return BlazeRigError(f"there is no setting '{name}'; there are: {', '.join(names())}")


def _checked(name: str, value: object, kind: Any, metadata: Mapping[str, Any]) -> object:
    """The value of a setting as its type, which may be `... | None`, wants it."""
    base = next(one for one in (get_args(kind) or (kind,)) if one is not type(None))
    if not _fits(value, base, metadata):
        shown = f"'{value}'" if isinstance(value, str) else str(value).lower()
        raise BlazeRigError(f"{name} is {shown}; give {_wanted(base, metadata)}")
    return base(value)


def _fits(value: object, base: type, metadata: Mapping[str, Any]) -> bool:
    if base is bool or isinstance(value, bool):
        return base is bool and isinstance(value, bool)
    if base is str:
        return isinstance(value, str) and value in metadata.get("choices", (value,))
    if not isinstance(value, int if base is int else int | float):
        return False
    low, high = metadata.get("range", (-math.inf, math.inf))
    return math.isfinite(value) and low <= value <= high


def _wanted(base: type, metadata: Mapping[str, Any]) -> str:
    if base is bool:
        return "true or false"
    if base is str:
        return " or ".join(f"'{choice}'" for choice in metadata.get("choices", ())) or "text"
    what = metadata.get("unit", "a whole number" if base is int else "a number")
    if "range" not in metadata:
        return what
    low, high = metadata["range"]
    return f"{what}, {low:g} to {high:g}"
