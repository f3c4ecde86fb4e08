"""`ycd init --from`: descriptions that are there are taken over, and what is lost is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandera.pandas as pa
import pytest
from conftest import RunYcd

PEOPLE = "id,name,born,kind\n1,Ada,1990-01-02,a\n2,Bo,1991-03-04,b\n"
VISITS = "visit,person,paid\n1,1,2.50\n2,2,3.00\n3,1,0.00\n"


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = tmp_path / "clinic"
    folder.mkdir()
    (folder / "people.csv").write_text(PEOPLE, "utf-8")
    (folder / "visits.csv").write_text(VISITS, "utf-8")
    return folder


def schema(folder: Path, table: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((folder / f"schemas/{table}.json").read_text("utf-8"))
    return value


def field(folder: Path, table: str, name: str) -> dict[str, Any]:
    fields: list[dict[str, Any]] = schema(folder, table)["fields"]
    return next(each for each in fields if each["name"] == name)


def test_sql(tables: Path, tmp_path: Path, ycd: RunYcd) -> None:
    sql = tmp_path / "schema.sql"
    sql.write_text(
        """
        CREATE TABLE People (
          id SERIAL PRIMARY KEY, name VARCHAR(40) NOT NULL UNIQUE, born DATE,
          kind TEXT DEFAULT 'a', gone INTEGER
        );
        CREATE TABLE visits (
          visit INT, person INT REFERENCES People (id) ON DELETE CASCADE, paid NUMERIC(6, 2),
          PRIMARY KEY (visit), UNIQUE (visit, person)
        );
        COMMENT ON COLUMN people.name IS 'full name';
        CREATE INDEX by_name ON people (name);
        CREATE TABLE other (x INT);
        """,
        "utf-8",
    )
    result = ycd("init", tables, "--from", "sql", sql)
    assert (result.code, result.err) == (0, "")
    assert field(tables, "people", "name")["constraints"] == {
        "maxLength": 40,
        "required": True,
        "unique": True,
    }
    assert field(tables, "people", "name")["description"] == "full name"
    assert schema(tables, "people")["primaryKey"] == ["id"]
    assert schema(tables, "visits")["uniqueKeys"] == [["visit", "person"]]
    assert schema(tables, "visits")["foreignKeys"] == [
        {"fields": ["person"], "reference": {"resource": "people", "fields": ["id"]}}
    ]
    assert field(tables, "visits", "paid")["type"] == "number"
    lost = result.out.partition("not carried over:")[2]
    for each in (
        "DEFAULT 'a'",
        "people.gone: the file has no such column",
        "ON DELETE CASCADE",
        "index ",
        "other: there is no file",
    ):
        assert each in lost
    assert ycd("validate", tables).code == 0


def test_checks_of_sql_become_rules(tables: Path, tmp_path: Path, ycd: RunYcd) -> None:
    sql = tmp_path / "schema.sql"
    sql.write_text(
        """
        CREATE TABLE visits (
          visit INT PRIMARY KEY, person INT CHECK (person > 0), paid NUMERIC,
          CONSTRAINT Paid_Enough CHECK (paid >= 0 AND (person <> 2 OR paid > 1)),
          CHECK (random() < paid)
        );
        """,
        "utf-8",
    )
    result = ycd("init", tables, "--from", "sql", sql)
    assert result.code == 0, result.err
    assert schema(tables, "visits")["rules"] == [
        {"name": "check-1", "expression": "person > 0"},
        {"name": "paid-enough", "expression": "paid >= 0 AND (person <> 2 OR paid > 1)"},
    ]
    assert "visits: the check " in result.out.partition("not carried over:")[2]
    assert ycd("validate", tables).code == 0
    (tables / "visits.csv").write_text(VISITS.replace("3.00", "1.00"), "utf-8")
    broken = ycd("validate", tables)
    assert broken.code == 1
    assert "paid-enough" in broken.out


def test_sql_that_is_none(tables: Path, tmp_path: Path, ycd: RunYcd) -> None:
    sql = tmp_path / "schema.sql"
    for text, sentence in (("CREATE TABLE (", "is no SQL"), ("SELECT 1", "creates no table")):
        sql.write_text(text, "utf-8")
        result = ycd("init", tables, "--from", "sql", sql)
        assert result.code == 2
        assert sentence in result.err
        assert not (tables / "datapackage.json").exists()


def test_a_frictionless_descriptor(tables: Path, tmp_path: Path, ycd: RunYcd) -> None:
    old = tmp_path / "old.json"
    raw = {
        "name": "old",
        "title": "The clinic",
        "licenses": [{"name": "CC0-1.0"}],
        "resources": [
            {
                "name": "persons",
                "path": "people.csv",
                "title": "Who",
                "schema": {
                    "fields": [{"name": "id", "type": "string", "title": "Number"}],
                    "primaryKey": "id",
                },
            },
            {"name": "none", "path": "none.csv"},
        ],
    }
    old.write_text(json.dumps(raw), "utf-8")
    result = ycd("init", tables, "--from", "frictionless", old)
    assert result.code == 0
    package = json.loads((tables / "datapackage.json").read_text("utf-8"))
    assert (package["title"], package["licenses"]) == ("The clinic", [{"name": "CC0-1.0"}])
    assert field(tables, "people", "id") == {"name": "id", "type": "string", "title": "Number"}
    assert field(tables, "people", "born")["type"] == "date"
    assert "people.id: described as string, and its cells look like integer" in result.out
    assert "persons: its title" in result.out
    assert "none: it has no schema that can be read" in result.out


def test_csv_on_the_web(tables: Path, tmp_path: Path, ycd: RunYcd) -> None:
    metadata = tmp_path / "csv-metadata.json"
    raw = {
        "@context": "http://www.w3.org/ns/csvw",
        "tables": [
            {
                "url": "people.csv",
                "tableSchema": {
                    "columns": [
                        {"name": "id", "datatype": "integer", "required": True},
                        {
                            "name": "n",
                            "titles": "name",
                            "datatype": {"base": "string", "format": "[A-Z].*"},
                        },
                        {"name": "born", "datatype": {"base": "date", "minimum": "1900-01-01"}},
                        {"name": "kind", "propertyUrl": "http://example.org/kind"},
                    ],
                    "primaryKey": "id",
                },
            },
            {
                "url": "visits.csv",
                "tableSchema": {
                    "columns": [
                        {"name": "visit", "datatype": "integer"},
                        {"name": "person", "datatype": "integer"},
                        {"name": "paid", "datatype": "decimal"},
                    ],
                    "foreignKeys": [
                        {
                            "columnReference": "person",
                            "reference": {"resource": "people.csv", "columnReference": "id"},
                        }
                    ],
                },
            },
        ],
    }
    metadata.write_text(json.dumps(raw), "utf-8")
    result = ycd("init", tables, "--from", "csvw", metadata)
    assert result.code == 0
    assert field(tables, "people", "name")["constraints"] == {"pattern": "[A-Z].*"}
    assert field(tables, "people", "born")["constraints"] == {"minimum": "1900-01-01"}
    [key] = schema(tables, "visits")["foreignKeys"]
    assert key["reference"] == {"resource": "people", "fields": ["id"]}
    assert "people.csv, kind: propertyUrl" in result.out
    assert ycd("validate", tables).code == 0


def test_a_json_schema(tables: Path, tmp_path: Path, ycd: RunYcd) -> None:
    described = tmp_path / "people.schema.json"
    raw = {
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": {"type": "integer", "minimum": 1},
            "name": {"type": ["string", "null"], "pattern": "^[A-Z]"},
            "born": {"type": "string", "format": "date"},
            "kind": {"enum": ["a", "b"], "type": "string", "readOnly": True},
        },
        "oneOf": [{"required": ["name"]}],
    }
    described.write_text(json.dumps(raw), "utf-8")
    result = ycd("init", tables, "--from", "jsonschema", described)
    assert result.code == 0
    assert field(tables, "people", "id")["constraints"] == {"minimum": 1, "required": True}
    assert field(tables, "people", "name")["constraints"] == {"pattern": "(?:[A-Z]).*"}
    assert field(tables, "people", "born")["type"] == "date"
    assert field(tables, "people", "kind")["constraints"] == {"enum": ["a", "b"]}
    lost = result.out.partition("not carried over:")[2]
    assert "oneOf" in lost
    assert "kind: readOnly" in lost
    assert ycd("validate", tables).code == 0


def test_a_pandera_schema(tables: Path, tmp_path: Path, ycd: RunYcd) -> None:
    written = tmp_path / "people.yaml"
    pa.DataFrameSchema(
        {
            "id": pa.Column(int, pa.Check.ge(1), unique=True),
            "name": pa.Column(str, pa.Check.str_matches("[A-Z]"), nullable=True),
            "born": pa.Column("datetime64[ns]", coerce=True),
            "kind": pa.Column(str, pa.Check.isin(["a", "b"])),
        },
        unique=["id", "name"],
    ).to_yaml(written)
    result = ycd("init", tables, "--from", "pandera", written)
    assert result.code == 0, result.err
    assert field(tables, "people", "id")["constraints"] == {
        "required": True,
        "unique": True,
        "minimum": 1,
    }
    assert field(tables, "people", "name")["constraints"] == {"pattern": "(?:[A-Z]).*"}
    assert field(tables, "people", "kind")["constraints"]["enum"] == ["a", "b"]
    assert schema(tables, "people")["uniqueKeys"] == [["id", "name"]]
    assert "born: coerce" in result.out


def test_code_is_not_run(tables: Path, tmp_path: Path, ycd: RunYcd) -> None:
    code = tmp_path / "schema.py"
    code.write_text("raise SystemExit(7)\n", "utf-8")
    result = ycd("init", tables, "--from", "pandera", code)
    assert result.code == 2
    assert "is Python, and code is not run" in result.err


@pytest.mark.parametrize("standard", ["frictionless", "csvw", "jsonschema", "pandera", "sql"])
def test_what_cannot_be_read_is_said_in_one_sentence(
    standard: str, tables: Path, tmp_path: Path, ycd: RunYcd
) -> None:
    gone = ycd("init", tables, "--from", standard, tmp_path / "gone")
    assert gone.code == 2
    assert "no such file" in gone.err
    broken = tmp_path / "broken.json"
    broken.write_bytes(b"\xff\xfe{{{")
    result = ycd("init", tables, "--from", standard, broken)
    assert result.code == 2
    assert "broken.json" in result.err
    assert not (tables / "datapackage.json").exists()
