"""``check-jsonschema`` holds the JSON tables against their schemas, and the citation file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from outside.tools import python, run

# The command takes one schema at a time; one process saves its start for each call.
EACH = """
import contextlib, io, json
from check_jsonschema import main
codes = []
for arguments in CALLS:
    with contextlib.redirect_stdout(io.StringIO()):
        codes.append(main.main(arguments, standalone_mode=False))
print(json.dumps(codes))
"""

RECORDS: list[tuple[str, object]] = [
    ("value", "12"),
    ("value", None),
    ("comparator", "roughly"),
    ("target_id", "x Y"),
    ("target_id", "x" * 81),
    ("due_on", "2022-13"),
    ("more", 1),
]


def codes(folder: Path, *calls: Sequence[str | Path]) -> list[int]:
    """What the command ends with, for the arguments of each call."""
    arguments = [[*map(str, each)] for each in calls]
    done = python(EACH.replace("CALLS", repr(arguments)), folder)
    assert done.returncode == 0, done.stderr
    found: list[int] = json.loads(done.stdout)
    return found


def tables(folder: Path) -> list[str]:
    return [path.stem for path in sorted((folder / "json").iterdir())]


def test_every_schema_is_one_and_a_broken_one_is_not(
    own_release: Path, odd_release: Path, broken: Path
) -> None:
    schemas = [path for each in (own_release, odd_release) for path in (each / "schemas").iterdir()]
    assert len(schemas) == len([*tables(own_release), *tables(odd_release)]) > 0
    path = broken / "schemas/targets.schema.json"
    path.write_text(path.read_text("utf-8").replace('"array"', '"list"', 1), "utf-8")
    metaschema = "--check-metaschema"
    assert codes(broken, [metaschema, *schemas], [metaschema, path]) == [0, 1]


def test_every_table_follows_its_schema(
    own_release: Path, odd_release: Path, tmp_path: Path
) -> None:
    calls = [
        ("--schemafile", each / f"schemas/{table}.schema.json", each / f"json/{table}.json")
        for each in (own_release, odd_release)
        for table in tables(each)
    ]
    found = codes(tmp_path, *calls)
    assert [call for call, code in zip(calls, found, strict=True) if code] == []


def test_it_finds_every_broken_record(broken: Path) -> None:
    records = json.loads((broken / "json/targets.json").read_text("utf-8"))
    names = []
    for number, (field, value) in enumerate(RECORDS):
        names.append(f"broken-{number}.json")
        changed = [*records[:-1], {**records[-1], field: value}]
        (broken / names[-1]).write_text(json.dumps(changed), "utf-8")
    schema = ("--schemafile", "schemas/targets.schema.json", "--output-format", "json")
    done = run("check-jsonschema", *schema, "json/targets.json", *names, cwd=broken)
    found = {error["filename"] for error in json.loads(done.stdout)["errors"]}
    assert (done.returncode, found) == (1, set(names))


def test_the_citation_file_is_valid_and_a_broken_one_is_not(
    own_release: Path, broken: Path
) -> None:
    path = broken / "CITATION.cff"
    path.write_text(path.read_text("utf-8").replace("authors:", "writers:"), "utf-8")
    schema = ("--builtin-schema", "vendor.citation-file-format")
    assert codes(broken, [*schema, own_release / path.name], [*schema, path]) == [0, 1]
