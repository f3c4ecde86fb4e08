"""``check-jsonschema`` holds the JSON tables against their schemas, and the citation file."""

from __future__ import annotations

import json
from pathlib import Path

from outside.tools import python, run

# The command takes one schema at a time; one process saves its start for each table.
EACH = """
import contextlib, io, json
from check_jsonschema import main
codes = {}
for folder, table in TABLES:
    schema, records = f"{folder}/schemas/{table}.schema.json", f"{folder}/json/{table}.json"
    with contextlib.redirect_stdout(io.StringIO()):
        code = main.main(["--schemafile", schema, records], standalone_mode=False)
    codes[records] = code
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


def check(folder: Path, *arguments: str) -> int:
    return run("check-jsonschema", *arguments, cwd=folder).returncode


def tables(folder: Path) -> list[str]:
    return [path.stem for path in sorted((folder / "json").iterdir())]


def test_every_schema_is_one(own_release: Path, odd_release: Path) -> None:
    schemas = [path for each in (own_release, odd_release) for path in (each / "schemas").iterdir()]
    assert len(schemas) == len([*tables(own_release), *tables(odd_release)]) > 0
    assert check(own_release, "--check-metaschema", *map(str, schemas)) == 0


def test_it_finds_a_broken_schema(broken: Path) -> None:
    path = broken / "schemas/targets.schema.json"
    path.write_text(path.read_text("utf-8").replace('"array"', '"list"', 1), "utf-8")
    assert check(broken, "--check-metaschema", "schemas/targets.schema.json") == 1


def test_every_table_follows_its_schema(
    own_release: Path, odd_release: Path, tmp_path: Path
) -> None:
    both = [(str(each), table) for each in (own_release, odd_release) for table in tables(each)]
    done = python(EACH.replace("TABLES", repr(both)), tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {f"{each}/json/{table}.json": 0 for each, table in both}


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


def test_the_citation_file_is_valid(own_release: Path) -> None:
    arguments = ("--builtin-schema", "vendor.citation-file-format", "CITATION.cff")
    assert check(own_release, *arguments) == 0


def test_it_finds_a_broken_citation_file(broken: Path) -> None:
    path = broken / "CITATION.cff"
    path.write_text(path.read_text("utf-8").replace("authors:", "writers:"), "utf-8")
    assert check(broken, "--builtin-schema", "vendor.citation-file-format", "CITATION.cff") == 1
