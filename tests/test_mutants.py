"""Every constraint and every rule is broken once, and gives exactly one finding, in its place.

The constraints are read from the schemas and the rules from the registry: one that has no
mutant here fails the suite.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa
import pytest
from packages import (
    SMALL,
    SPARE,
    Row,
    line_of,
    make_foreign,
    schema_json,
    small_tables,
    with_references,
    write_small,
)

from ycd_opendata.delta.contribution import EXTENSION
from ycd_opendata.loader.loading import load_table
from ycd_opendata.package.reading import parse_schema, read_package
from ycd_opendata.validation.findings import Finding
from ycd_opendata.validation.pandera_schema import derived_schema
from ycd_opendata.validation.run import validate

Tables = dict[str, list[Row]]
Derived = tuple[pd.DataFrame, pa.DataFrameSchema]


def write_needed(folder: Path, tables: Tables, table: str) -> Path:
    """Write one table and those it refers to, without our rules: the schema alone is broken."""
    write_small(folder, {each: tables[each] for each in with_references(table)})
    return make_foreign(folder, "schemas-alone")


def test_small_package_is_valid(small: Path) -> None:
    report = validate(small)
    assert report.findings == ()
    assert [layer.ran for layer in report.layers] == [True] * 4
    said = {each for layer in report.layers for each in layer.skipped}
    assert all(each.endswith(": off in ycd.toml") for each in said)


# --- constraints -------------------------------------------------------------------------


@dataclass(frozen=True)
class Constraint:
    table: str
    field: dict[str, Any]
    name: str

    def __str__(self) -> str:
        return f"{self.table}.{self.field['name']}.{self.name}"


def constraints() -> Iterator[Constraint]:
    for table in SMALL:
        for field in schema_json(table)["fields"]:
            if field["type"] != "string" or field.get("format"):
                yield Constraint(table, field, "type")
            for name, value in field.get("constraints", {}).items():
                if value is not False:
                    yield Constraint(table, field, name)


def breaking_value(constraint: Constraint, value: str) -> str:
    """A cell that breaks this constraint and no other."""
    field, limit = constraint.field, constraint.field.get("constraints", {}).get(constraint.name)
    if constraint.name == "pattern":
        candidates = (f"{value}!", "ftp://example.org/")
        return next(each for each in candidates if not re.fullmatch(limit, each))
    values: dict[str, Callable[[], str]] = {
        "required": lambda: "",
        "enum": lambda: "no-such-value",
        "maxLength": lambda: value + "x" * limit,
        "unique": lambda: SMALL[constraint.table][1][field["name"]],
        "type": lambda: "no address" if field.get("format") == "uri" else "no number",
    }
    return values[constraint.name]()


CODES = {"type": "type-error", "unique": "unique-error"}


def broken_in_turn() -> list[list[Constraint]]:
    """Every constraint, in rounds of one a table, so that a package is for a round."""
    tables: dict[str, list[Constraint]] = {}
    for each in constraints():
        tables.setdefault(each.table, []).append(each)
    return [[each for each in one if each] for one in zip_longest(*tables.values())]


@pytest.mark.parametrize("broken", broken_in_turn(), ids=lambda each: ", ".join(map(str, each)))
def test_broken_constraint_is_found(tmp_path: Path, broken: list[Constraint]) -> None:
    tables, expected = small_tables(), {}
    for constraint in broken:
        table, name = constraint.table, constraint.field["name"]
        row = tables[table][SPARE[table]]
        if not row.get(name):  # this field and the other ones of evidence exclude each other
            row = next(each for each in tables[table] if each.get(name))
        row[name] = breaking_value(constraint, row[name])
        if constraint.name == "unique":  # the later of the two rows is the one that is found
            row = tables[table][1]
        expected[CODES.get(constraint.name, "constraint-error"), table, name] = row
    folder = make_foreign(write_small(tmp_path, tables), "schemas-alone")
    said = validate(folder).findings
    findings = {(each.code, each.resource, each.field): each for each in said}
    assert findings.keys() == expected.keys()
    assert len(said) == len(findings)
    for (code, table, name), row in expected.items():
        finding = findings[code, table, name]
        assert finding.line == line_of(folder, table, row)
        assert finding.value == row[name]
        assert finding.path == f"data/{table}.csv"
        assert finding.message
        assert finding.hint


@pytest.fixture(scope="module")
def derived(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Derived]:
    """Each table's frame and the pandera schema that it fits, by the table's name."""
    package = read_package(write_small(tmp_path_factory.mktemp("derived")))

    @cache
    def derive(table: str) -> Derived:
        frame = load_table(package, table)
        schema = derived_schema(parse_schema(schema_json(table)), table)
        schema.validate(frame)
        return frame, schema

    return derive


@pytest.mark.parametrize("table", SMALL)
def test_derived_pandera_schema_finds_it_too(derived: Callable[[str], Derived], table: str) -> None:
    frame, schema = derived(table)
    of_columns: dict[str, list[Constraint]] = {}
    for each in constraints():
        if each.table == table and each.name != "type":
            of_columns.setdefault(each.field["name"], []).append(each)
    for name, of_column in of_columns.items():
        filled = [n for n, cell in enumerate(frame[name]) if pd.notna(cell)]
        at_once = max(1, len(filled) - 1)  # a row each, and the last one stays as it is
        for first in range(0, len(of_column), at_once):
            broken = of_column[first : first + at_once]
            cells = break_each(broken, frame[name].tolist(), filled)
            with pytest.raises(pa.errors.SchemaErrors) as caught:
                schema.columns[name].validate(frame[[name]].assign(**{name: cells}), lazy=True)
            cases = caught.value.failure_cases
            checks = {"not_nullable" if each.name == "required" else each.name for each in broken}
            found = {*zip(cases["column"], cases["check"], strict=True)}
            assert found == {(name, each) for each in checks}


def break_each(broken: list[Constraint], cells: list[Any], places: list[int]) -> list[Any]:
    """The cells of a column with each constraint broken in one of the places."""
    changed = [*cells]
    for at, constraint in zip(places, broken, strict=False):
        if constraint.name == "required":
            changed[at] = None
        elif constraint.name == "unique":
            changed[at] = cells[places[-1]]
        else:
            changed[at] = breaking_value(constraint, str(cells[at]))
    return changed


# --- keys --------------------------------------------------------------------------------


@pytest.mark.parametrize("table", SMALL)
def test_repeated_primary_key_is_found(tmp_path: Path, table: str) -> None:
    tables = small_tables()
    copy = dict(tables[table][SPARE[table]])
    tables[table].append(copy)
    unique = [
        field["name"]
        for field in schema_json(table)["fields"]
        if field.get("constraints", {}).get("unique")
    ]
    for name in unique:
        copy[name] = {"gb2260": "999999", "id_prefix": "other"}[name]
    found = validate(write_needed(tmp_path, tables, table)).findings
    key = schema_json(table)["primaryKey"]
    assert [(each.code, each.field) for each in found] == [("primary-key", ", ".join(key))]
    assert found[0].key == ", ".join(copy[name] for name in key)


@pytest.mark.parametrize(
    "table", [table for table in SMALL if len(schema_json(table)["primaryKey"]) == 1]
)
def test_empty_primary_key_is_found(tmp_path: Path, table: str) -> None:
    tables = small_tables()
    row = tables[table][SPARE[table]]
    [name] = schema_json(table)["primaryKey"]
    row[name] = ""
    folder = write_needed(tmp_path, tables, table)
    [finding] = validate(folder).findings
    assert (finding.code, finding.field) == ("primary-key", name)
    assert finding.line == line_of(folder, table, row)


@pytest.mark.parametrize(
    ("table", "field"),
    [
        (table, key["fields"][0])
        for table in SMALL
        for key in schema_json(table).get("foreignKeys", ())
    ],
)
def test_reference_to_nothing_is_found(tmp_path: Path, table: str, field: str) -> None:
    tables = small_tables()
    row = tables[table][SPARE[table]]
    if not row.get(field):
        row = next(each for each in tables[table] if each.get(field))
    row[field] = "no-such-record"
    folder = write_needed(tmp_path, tables, table)
    [finding] = validate(folder).findings
    assert (finding.code, finding.resource, finding.field) == ("foreign-key", table, field)
    assert finding.line == line_of(folder, table, row)
    assert finding.value == "no-such-record"


# --- rules -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mutant:
    """A change of one record that breaks one rule, at one field."""

    table: str
    record: int
    field: str
    change: Row

    def row(self) -> Row:
        return {**SMALL[self.table][self.record], **self.change}


def mutant(table: str, record: int, *, at: str = "", **change: str) -> Mutant:
    """A mutant; where it is found, unless that is said, is the first field that it changes."""
    return Mutant(table, record, at or next(iter(change)), change)


CELL_MUTANTS = {
    "not-composed": mutant("domains", 0, description_zh="cafe\u0301"),
    "invisible-character": mutant("sources", 1, note_zh="zero\u200bwidth"),
    "padding": mutant("sources", 2, note_zh="wide space\u3000", note_en="C."),
    "unpaired-mark": mutant("sources", 3, note_zh="《规划", note_en="D."),
    "formula-cell": mutant("domains", 1, description_zh='=HYPERLINK("x")'),
    "full-width-character": mutant("targets", 2, baseline_value="５"),
    "no-such-day": mutant("dates", 1, ends_on="2022-06-31"),
    "no-figure": mutant("outcomes", 1, value_upper="NaN"),
    "address-without-host": mutant("sources", 0, url="https:///page"),
}
"""Each of another record, so that one package has them all."""

_OF_RECORDS = (
    ("id-without-region-prefix", mutant("sources", 1, source_id="sh-spare-2021")),
    ("id-without-region-prefix", mutant("initiatives", 0, initiative_id="shanghai-2022")),
    ("id-without-region-prefix", mutant("targets", 2, target_id="sh-2022-c")),
    ("id-without-region-prefix", mutant("outcomes", 2, outcome_id="sh-2022-c")),
    ("id-without-region-prefix", mutant("dates", 1, at="date_id", region_id="CN-SH")),
    ("ends-before-start", mutant("initiatives", 0, ends_on="2021-12")),
    ("ends-before-start", mutant("dates", 1, ends_on="2022-04")),
    ("parent-in-a-circle", mutant("regions", 3, parent_id="CN-310115")),
    ("parent-in-a-circle", mutant("domains", 1, parent_id="industry")),
    (
        "region-outside-initiative",
        mutant("targets", 2, region_id="YRD", target_id="yrd-2022-c-spare", superseded_by=""),
    ),
    (
        "evidence-not-for-one-record",
        mutant("evidence", 0, at="evidence_id", target_id="zj-2022-a-factories"),
    ),
    ("contradiction-without-report", mutant("evidence", 0, reported="")),
    ("retired-id-in-use", mutant("retired_ids", 0, id="zj-2022-a-factories")),
    ("replacement-unknown", mutant("retired_ids", 0, replaced_by="zj-2022-nowhere")),
    ("unit-not-of-measure", mutant("indicators", 3, unit_id="percent")),
    (
        "indicator-repeated",
        mutant(
            "indicators",
            3,
            scope_en="All factories.",
            name_en="Factories",
            unit_id="factories",
            measure="stock",
        ),
    ),
    ("value-not-in-phrase", mutant("targets", 0, phrase="16家以上")),
    ("value-not-in-phrase", mutant("outcomes", 2, phrase="16家")),
    ("upper-value-misused", mutant("targets", 2, value_upper="20")),
    ("upper-value-misused", mutant("outcomes", 2, at="value_upper", comparator="ge")),
    ("percentage-out-of-range", mutant("targets", 4, value="180", phrase="180%")),
    ("percentage-out-of-range", mutant("outcomes", 1, value="-101", phrase="下降101%")),
    ("period-runs-backwards", mutant("targets", 2, at="due_on", period_start="2024")),
    ("period-runs-backwards", mutant("outcomes", 2, at="period_end", period_start="2023")),
    ("baseline-after-due", mutant("targets", 2, baseline_on="2024")),
    (
        "due-before-announced",
        mutant("targets", 2, due_on="2021-12", period_start="2021", source_id="zj-plan-2023"),
    ),
    ("superseded-by-another-kind", mutant("targets", 2, superseded_by="zj-2022-b-growth")),
    ("superseded-in-a-circle", mutant("targets", 2, superseded_by="zj-2022-c-spare")),
    ("reason-missing", mutant("assessments", 1, reason_en="", reason_zh="")),
    ("full-with-another-kind", mutant("assessments", 2, outcome_id="zj-2022-a-factories-counted")),
    (
        "full-with-another-period",
        mutant("assessments", 0, at="outcome_id", target_id="zj-2022-d-later"),
    ),
    (
        "full-more-than-once",
        mutant(
            "assessments",
            2,
            at="comparability",
            target_id="zj-2022-a-factories",
            outcome_id="zj-2022-c-spare-counted",
        ),
    ),
    ("english-term-repeated", mutant("glossary", 0, term_en="Other term")),
    ("base-unit-of-another", mutant("units", 1, base_unit_id="hundred-things")),
    ("bound-misused", mutant("assessments", 1, bound="exact")),
    (
        "bound-by-another-day",
        mutant(
            "assessments",
            1,
            bound="at_most",
            target_id="zj-2022-d-later",
            outcome_id="zj-2022-a-factories-counted",
        ),
    ),
    (
        "search-for-what-is-known",
        mutant("searches", 0, at="found", target_id="zj-2022-a-factories"),
    ),
    ("second-reading-of-nothing", mutant("second_readings", 0, id="zj-2022-nowhere")),
    (
        "due-out-of-reach",
        mutant("targets", 2, due_on="1999", period_start="", baseline_value="", baseline_on=""),
    ),
    ("period-after-source", mutant("outcomes", 2, period_end="2022-06")),
    ("one-language-only", mutant("sources", 1, note_zh="")),
    ("one-language-only", mutant("evidence", 0, note_zh="")),
    ("one-language-only", mutant("glossary", 0, note_zh="")),
    ("one-language-only", mutant("assessments", 1, reason_zh="")),
    ("term-not-as-in-glossary", mutant("indicators", 3, name_en="Others", name_zh="备用词数")),
    ("term-not-as-in-glossary", mutant("initiatives", 0, name_en="Other", name_zh="备用词")),
    ("term-not-as-in-glossary", mutant("dates", 1, title_en="Other", title_zh="备用词")),
)
RECORD_MUTANTS = {(each.table, rule): each for rule, each in _OF_RECORDS}
"""The mutant of each rule about records in each of its tables."""


@pytest.mark.parametrize("name", ["Spare terms", "A spare-term", "Spares"])
def test_a_term_may_be_in_the_plural_with_a_hyphen_or_short(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, mutant("indicators", 3, name_zh="备用词数", name_en=name)) == []


@pytest.mark.parametrize(
    ("outcome", "bound", "is_found"),
    [
        ("zj-2022-a-factories-counted", "at_least", False),
        ("zj-2022-e-share-reported", "at_least", True),
    ],
)
def test_another_day_bounds_only_what_grows(
    tmp_path: Path, outcome: str, bound: str, is_found: bool
) -> None:
    broken = mutant("assessments", 1, bound=bound, target_id="zj-2022-d-later", outcome_id=outcome)
    findings = found(tmp_path, broken)
    assert [each.code for each in findings] == ["bound-by-another-day"] * is_found


def test_every_rule_has_a_mutant() -> None:
    assert set(CELL_MUTANTS) == {rule.name for rule in EXTENSION.cell_rules}
    declared = {
        (table, rule["name"]) for table in SMALL for rule in schema_json(table).get("rules", ())
    }
    in_python = {(rule.table, rule.name) for rule in EXTENSION.record_rules}
    assert not declared & in_python
    assert set(RECORD_MUTANTS) == declared | in_python


def found(folder: Path, *mutants: Mutant) -> list[Finding]:
    """The findings of the small package with these changes."""
    tables = small_tables()
    for each in mutants:
        tables[each.table][each.record].update(each.change)
    write_small(folder, tables)
    return list(validate(folder).findings)


def rounds() -> list[list[tuple[str, Mutant]]]:
    """Every rule with its mutant: those of cells, then rounds of one a table; a package each."""
    mutants: dict[str, list[tuple[str, Mutant]]] = {}
    for (table, rule), mutant in RECORD_MUTANTS.items():
        mutants.setdefault(table, []).append((rule, mutant))
    records = zip_longest(*mutants.values())
    rounds = [[each for each in one if each is not None] for one in records]
    return [[*CELL_MUTANTS.items()], *rounds]


@pytest.mark.parametrize(
    "broken",
    rounds(),
    ids=lambda each: ", ".join(f"{mutant.table} {rule}" for rule, mutant in each),
)
def test_every_broken_rule_is_found(tmp_path: Path, broken: list[tuple[str, Mutant]]) -> None:
    findings = found(tmp_path, *(mutant for _, mutant in broken))
    by_place = {(each.code, each.resource, each.field): each for each in findings}
    assert len(by_place) == len(findings)
    assert {*by_place} == {(rule, mutant.table, mutant.field) for rule, mutant in broken}
    for rule, mutant in broken:
        finding = by_place[rule, mutant.table, mutant.field]
        assert finding.line == line_of(tmp_path, mutant.table, mutant.row())
        assert finding.value == mutant.row().get(mutant.field, "")
        assert finding.severity == "error"
        assert finding.message
        assert finding.hint


@pytest.mark.parametrize("start", ["=1", "+1", "-1", "@x", "＝1", "＋1", "－1", "＠x"])
def test_every_start_of_a_formula_is_found(start: str) -> None:
    [rule] = [each for each in EXTENSION.cell_rules if each.name == "formula-cell"]
    assert not rule.holds(start)
    assert rule.holds(f"a{start}")


def test_a_line_break_in_quotes_moves_the_line_and_not_the_row(tmp_path: Path) -> None:
    tables = small_tables()
    tables["sources"][0] |= {"note_zh": "first line\nsecond line", "note_en": "Two lines."}
    tables["sources"][1]["kind"] = "no-such-kind"
    [finding] = validate(write_small(tmp_path, tables)).findings
    assert (finding.row, finding.line) == (5, 6)


def test_one_mistake_gives_one_finding_and_the_rest_is_still_checked(tmp_path: Path) -> None:
    tables = small_tables()
    tables["targets"][0]["value"] = "fifteen"
    tables["targets"][1]["phrase"] = "增长11%"
    codes = [each.code for each in validate(write_small(tmp_path, tables)).findings]
    assert codes == ["type-error", "value-not-in-phrase"]
