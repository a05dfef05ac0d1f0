"""The import table of docs/architecture.md against the imports, and facts that stand in one place."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("models", "solver", "live", "addon", "cli", "release", "report", "requirements")


def sources() -> list[Path]:
    """Every Python file of the product."""
    return sorted([*ROOT.glob("*.py"), *(path for part in PARTS for path in ROOT.glob(f"{part}/**/*.py"))])


def table() -> dict[str, set[str]]:
    """Part (as the page names it) to what it may import."""
    rows = re.findall(
        r"^\| `([^`]+)` \|[^|]*\|([^|]*)\|$", (ROOT / "docs/architecture.md").read_text("utf-8"), re.M
    )
    return {part: set(re.findall(r"`([^`]+)`", names)) for part, names in rows}


def part_of(path: Path) -> str:
    """The row that a file belongs to: its own, or that of the innermost folder that has one."""
    name = path.relative_to(ROOT).as_posix()
    fitting = [part for part in table() if name == part or (part.endswith("/") and name.startswith(part))]
    assert fitting, f"{name} has no row in docs/architecture.md"
    return max(fitting, key=len)


def imports(path: Path) -> set[str]:
    """What a file imports: packages by name, parts of the product by theirs."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(str(node.module).split(".")[0])
        elif isinstance(node, ast.ImportFrom):
            found |= relative_imports(path, node)
    return found


def relative_imports(path: Path, node: ast.ImportFrom) -> set[str]:
    """The parts that a relative import reaches, the innermost folder that has a row of its own."""
    folder = path.parents[node.level - 1].relative_to(ROOT).parts
    modules = [node.module] if node.module else [alias.name for alias in node.names]
    return {part_reached((*folder, *module.split("."))) for module in modules}


def part_reached(names: tuple[str, ...]) -> str:
    """The row of the table for a module, given from the root on."""
    rows = table()
    for count in range(len(names), 0, -1):
        if "/".join(names[:count]) + "/" in rows:
            return "/".join(names[:count])
    return names[0] if f"{names[0]}.py" in rows else "__init__"


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_imports_only_what_the_table_allows(path: Path) -> None:
    part = part_of(path)
    beyond = imports(path) - set(sys.stdlib_module_names) - table()[part] - {part.strip("/")}
    assert not beyond, f"{path.name} imports {sorted(beyond)}"


def test_the_table_has_no_row_for_what_is_not_there() -> None:
    assert table()
    assert [part for part in table() if not (ROOT / part).exists()] == []


def test_what_blender_runs_names_no_package_of_ours_but_by_dots() -> None:
    absolute = {path.name for path in sources() if "blazerig" in imports(path)}
    assert absolute == set()


def test_the_version_stands_in_one_place() -> None:
    version = re.search(r'VERSION = "(.+)"', (ROOT / "__init__.py").read_text("utf-8"))
    assert version
    exact = re.compile(rf"(?<![\d.]){re.escape(version[1])}(?![\d.])")
    kinds = ("*.py", "*.toml", "*.md", "*.txt")
    folders = [ROOT / part for part in (*PARTS, "docs", "tests")]
    files = [path for kind in kinds for path in ROOT.glob(kind)]
    files += [path for kind in kinds for folder in folders for path in folder.rglob(kind)]
    holding = {path.relative_to(ROOT).as_posix() for path in files if exact.search(path.read_text("utf-8"))}
    assert holding - {"CHANGELOG.md"} == {"__init__.py"}


def test_every_package_of_the_root_is_named_in_pyproject() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    folders = [
        path.parent.relative_to(ROOT) for part in PARTS for path in ROOT.glob(f"{part}/**/__init__.py")
    ]
    expected = {"blazerig", *(".".join(("blazerig", *folder.parts)) for folder in folders)}
    assert set(project["tool"]["setuptools"]["packages"]) == expected


def test_the_code_cites_the_sections_of_the_derivations_that_are_there_and_all_of_them() -> None:
    sections = set(re.findall(r"^## (\S+)$", (ROOT / "docs/derivations.md").read_text("utf-8"), re.M))
    text = " ".join(" ".join(path.read_text("utf-8").split()) for path in sources())
    cited = re.findall(r"docs/derivations[^ ]*?\.md, ([A-Z]+(?:, [A-Z]+)*)", text)
    assert {name for names in cited for name in names.split(", ")} == sections
    assert len(cited) == text.count("docs/derivations")


def test_the_command_line_offers_the_exports_that_the_add_on_knows() -> None:
    from blazerig.addon.export import KINDS
    from blazerig.cli.retarget import EXPORTS

    assert set(EXPORTS) == set(KINDS)


def test_build_py_offers_the_platforms_and_pythons_that_the_release_knows() -> None:
    from blazerig.release.__main__ import PYTHONS
    from blazerig.release.extension import PLATFORMS

    build = ast.parse((ROOT / "build.py").read_text("utf-8"))
    constants = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in build.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id.isupper()
        and isinstance(node.value, ast.Tuple)
    }
    assert set(constants["PLATFORMS"]) == {*PLATFORMS, "all"}
    assert set(constants["PYTHONS"]) == {*PYTHONS, "all"}
