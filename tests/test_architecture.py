"""The rules of the source tree, as data: which way imports go, no circles, no twins, no giants."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from packages import ROOT

SOURCE = ROOT / "src" / "ycd_opendata"

LAYERS = (
    ("messages",),
    ("errors", "partial_dates", "semantic_version", "shown"),
    ("package",),
    ("repairs", "suggestion"),
    ("extension",),
    ("extension_loading",),
    ("loader",),
    ("validation",),
    ("versioning", "profiling"),
    ("inferring",),
    ("site",),
    ("publishing",),
    ("workbooks",),
    ("delta",),
    ("api",),
    ("",),
    ("cli",),
    ("__main__",),
)
"""Folders and modules of the package, the lowest first: each imports from those below it only.

``""`` is ``__init__.py``, the list of what ``import ycd_opendata`` offers.
"""

LONGEST = 350
"""How many lines a module may have."""

OF_THE_DATA = ("targets", "outcomes", "initiatives", "indicators", "assessments", "scoreboard")
"""Tables of the data set, which the tool does not name."""

TOOL = (
    *("package", "repairs", "loader", "validation", "versioning", "publishing", "site"),
    *("inferring", "workbooks"),
)


def module_name(path: Path) -> str:
    """The dotted name of a module of the package."""
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules() -> dict[str, Path]:
    """Every module by its dotted name."""
    return {module_name(path): path for path in sorted(SOURCE.rglob("*.py"))}


def imported(text: str, known: Mapping[str, Path]) -> Iterator[str]:
    """The modules of the package that a module's text imports, wherever it does so."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module in known:
            for each in node.names:
                inner = f"{node.module}.{each.name}"
                yield inner if inner in known else node.module


def graph(known: Mapping[str, Path]) -> dict[str, set[str]]:
    """What each module imports."""
    return {
        name: set(imported(path.read_text("utf-8"), known)) - {name} for name, path in known.items()
    }


@cache
def own_graph() -> dict[str, set[str]]:
    """What each module of the package imports."""
    return graph(modules())


def layer_of(name: str) -> int:
    """The place of a module in ``LAYERS``."""
    part = [*name.split("."), ""][1]
    places = [place for place, parts in enumerate(LAYERS) if part in parts]
    assert places, f"say in LAYERS which way imports of {part!r} go"
    return places[0]


def upward(edges: Mapping[str, set[str]]) -> list[tuple[str, str]]:
    """The imports that go from a layer to one above it, or beside it."""
    return [
        (name, other)
        for name, others in edges.items()
        for other in sorted(others)
        if layer_of(other) > layer_of(name)
        or (layer_of(other) == layer_of(name) and other.split(".")[1:2] != name.split(".")[1:2])
    ]


def circle(edges: Mapping[str, set[str]]) -> list[str]:
    """Modules that import each other round and round; none is left when each can be loaded."""
    left = {name: set(others) for name, others in edges.items()}
    while ready := {name for name, others in left.items() if not others & left.keys()}:
        left = {name: others for name, others in left.items() if name not in ready}
    return sorted(left)


def twins(names: list[str]) -> list[str]:
    """The last parts of names that stand more than once."""
    counts = Counter(each.rsplit(".", 1)[-1] for each in names)
    return sorted(name for name, count in counts.items() if count > 1)


def test_imports_go_one_way() -> None:
    assert upward(own_graph()) == []


def test_no_modules_import_each_other() -> None:
    assert circle(own_graph()) == []


def test_no_two_modules_have_one_name() -> None:
    files = [name for name, path in modules().items() if path.name != "__init__.py"]
    assert twins(files) == []


def test_no_module_is_a_giant() -> None:
    lengths = {name: path.read_text("utf-8").count("\n") for name, path in modules().items()}
    assert {name: count for name, count in lengths.items() if count > LONGEST} == {}


@pytest.mark.parametrize("folder", TOOL)
def test_the_tool_names_no_table_of_the_data_set(folder: str) -> None:
    found = [
        (path.name, node.value)
        for path in sorted((SOURCE / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and node.value in OF_THE_DATA
    ]
    assert found == []


def test_each_check_finds_what_is_broken() -> None:
    known = dict.fromkeys(("a.low", "a.high", "a.high.one"), SOURCE / "errors.py")
    text = "from a.high import one\nfrom a import low\nimport a.low\n"
    assert set(imported(text, {**known, "a": SOURCE})) == {"a.high.one", "a.low"}
    edges = {
        "ycd_opendata.site.pages": {"ycd_opendata.publishing.release"},
        "ycd_opendata.delta.rules": {"ycd_opendata.package.model"},
    }
    assert upward(edges) == [("ycd_opendata.site.pages", "ycd_opendata.publishing.release")]
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["a", "b", "c"]
    assert twins(["a.one", "b.one", "b.two"]) == ["one"]
