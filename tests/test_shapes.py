"""Shapes of packages that people publish, rebuilt with invented values (``shapes/tables.yaml``).

On each, the fast engine gives frictionless's verdict, nothing has changed from itself, and what
validates is released with the values that frictionless reads from the source.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import frictionless
import pytest
import yaml

from ycd_opendata.errors import YcdError
from ycd_opendata.package.reading import read_package
from ycd_opendata.package.tables.as_frictionless import unwarned
from ycd_opendata.publishing.release import write_release
from ycd_opendata.validation.findings import Report
from ycd_opendata.validation.run import validate
from ycd_opendata.validation.structure.fast.planning.plan import EXTENSIONS
from ycd_opendata.versioning.comparing import compare

SHAPES: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "shapes/tables.yaml").read_text("utf-8")
)


def write_shape(shape: dict[str, Any], folder: Path) -> Path:
    """Write the package of a shape; null takes a key away."""
    schema = {"fields": [*shape.get("fields", ()), *shape.get("more_fields", ())]}
    name = shape.get("file", "t.csv")
    resource = {"name": "t", "path": name} | ({"schema": schema} if schema["fields"] else {})
    if "schema" in shape:
        schema.update(shape["schema"])
    raw = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "made-up",
        "version": "1.0.0",
        "created": "2022-01-17T00:00:00Z",
    }
    raw |= shape.get("package", {})
    resource |= shape.get("resource", {})
    resources = [_without_nulls(resource), *shape.get("others", ())]
    text = json.dumps(_without_nulls(raw) | {"resources": resources}, ensure_ascii=False)
    (folder / "datapackage.json").write_text(text, "utf-8")
    if "text" in shape:
        (folder / name).write_bytes(shape["text"].encode(shape.get("encoding", "utf-8")))
    for other, content in shape.get("more", {}).items():
        (folder / other).write_bytes(content.encode())
    return folder


def _without_nulls(raw: dict[str, Any]) -> dict[str, Any]:
    return {key: each for key, each in raw.items() if each is not None}


def errors(report: Report) -> list[tuple[Any, ...]]:
    """The errors that both engines make."""
    return sorted(
        (each.code, each.resource, each.row or 0, each.field or "")
        for each in report.findings
        if each.severity == "error" and each.code not in EXTENSIONS
    )


def values(folder: Path) -> list[dict[str, Any]]:
    """What frictionless reads; what is not equal to itself as a text."""
    with unwarned():
        resource = frictionless.Package(str(folder / "datapackage.json")).get_resource("t")
        with resource as table:
            rows = [row.to_dict() for row in table.row_stream]
    return [
        {name: each if each == each else str(each) for name, each in row.items()} for row in rows
    ]


def test_there_are_enough() -> None:
    assert len(SHAPES) >= 60


@pytest.mark.parametrize("name", SHAPES)
def test_shape(name: str, tmp_path: Path) -> None:
    shape = SHAPES[name]
    source, release = tmp_path / "source", tmp_path / "release"
    source.mkdir()
    release.mkdir()
    write_shape(shape, source)
    if shape.get("refused"):
        with pytest.raises(YcdError) as refusal:
            read_package(source)
        assert "\n" not in str(refusal.value)
        return
    report = validate(source)
    assert errors(report) == errors(validate(source, "frictionless"))
    assert report.valid is shape.get("valid", True), report.findings
    if report.valid:
        package = read_package(source)
        assert compare(package, read_package(source)).count == 0
        write_release(package, release, None, ("csv",))
        assert values(release) == values(source)
        assert validate(release).valid


def test_a_changed_cell_of_a_release_is_noticed(tmp_path: Path) -> None:
    source, release = tmp_path / "source", tmp_path / "release"
    source.mkdir()
    release.mkdir()
    write_shape(SHAPES["codes with zeros"], source)
    write_release(read_package(source), release, None, ("csv",))
    assert values(release) == values(source)
    path = release / "csv/t.csv"
    path.write_text(path.read_text("utf-8").replace("01", "1", 1), "utf-8")
    assert values(release) != values(source)
