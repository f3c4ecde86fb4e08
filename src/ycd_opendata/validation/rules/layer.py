"""Layer 4: the named rules, run by pandera on the typed frames that the loader returns.

A cell that an earlier layer found wrong counts as missing here, so that one mistake gives one
finding. A table whose header is wrong has no fields to speak of and is skipped, and so is a rule
that needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ycd_opendata.delta import rules as delta_rules
from ycd_opendata.errors import DataError
from ycd_opendata.loader.frames import text_frame, typed_frame
from ycd_opendata.loader.own_texts import stale_texts
from ycd_opendata.package.model import Package
from ycd_opendata.shown import quoted
from ycd_opendata.validation.findings import Finding, Layer, LayerResult
from ycd_opendata.validation.rules import measures, records
from ycd_opendata.validation.rules.derived import PRIMARY_KEY, derived_schema, is_held
from ycd_opendata.validation.rules.hygiene import CELL_RULES
from ycd_opendata.validation.rules.rule import CellRule, RecordRule
from ycd_opendata.validation.structure.explanations import explain_constraint
from ycd_opendata.validation.table_text import TableText, table_texts

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa

RECORD_RULES: tuple[RecordRule, ...] = (*records.RULES, *measures.RULES, *delta_rules.RULES)


@dataclass(frozen=True)
class _Table:
    """One table as the rules see it: the text of its cells, and the typed frame."""

    source: TableText
    text: pd.DataFrame
    typed: pd.DataFrame


def check_rules(package: Package, earlier: Iterable[Finding]) -> LayerResult:
    """Check the named rules of our own package, given what earlier layers found."""
    faults = [each for each in earlier if each.severity == "error"]
    tables: dict[str, _Table] = {}
    skipped = []
    for name, source in table_texts(package).items():
        table = _read(source, [each for each in faults if each.resource == name])
        if table is None:
            skipped.append(f"{name}: its file or header has to be mended first")
        else:
            tables[name] = table
    frames = {name: table.typed for name, table in tables.items()}
    rules = [each for each in RECORD_RULES if each.table in frames and {*each.needs} <= {*frames}]
    skipped += [
        f"{each.table}.{each.name}: it needs {', '.join(sorted({*each.needs} - {*frames}))}"
        for each in RECORD_RULES
        if each.table in frames and each not in rules
    ]
    findings: list[Finding] = []
    for name, table in tables.items():
        held: dict[RecordRule, pd.Series[Any]] = {}
        for rule in (each for each in rules if each.table == name):
            try:
                if rule.field not in frames[name]:
                    raise KeyError(rule.field)
                held[rule] = rule.holds(frames[name], frames).astype(bool)
            except (AttributeError, KeyError, TypeError) as error:
                findings.append(_not_run(table, rule, error))
        faulty = _faulty_cells(each for each in faults if each.resource == name)
        findings += _check_table(table, held, faulty)
    if not faults and not skipped and not findings:
        findings += _stale_texts(package)
    rows = sum(len(frame) for frame in frames.values())
    checks = len(rules) + len(CELL_RULES) + 1
    return LayerResult(
        Layer("rules", True, len(frames), rows, checks, tuple(skipped)), tuple(findings)
    )


def _stale_texts(package: Package) -> Iterator[Finding]:
    """Where README and codebook tell other figures than the tables have."""
    try:
        for each in stale_texts(package):
            yield _text_finding(
                each.path, each.line, f"the figures under {each.block!r} are not the tables'"
            )
    except DataError as error:
        yield _text_finding(package.descriptor_path.name, None, error.message)


def _text_finding(path: str, line: int | None, message: str) -> Finding:
    return Finding(
        code="stale-text",
        severity="error",
        path=path,
        line=line,
        message=message,
        hint="run `ycd format`",
    )


def _read(source: TableText, faults: list[Finding]) -> _Table | None:
    """The table's frames, faulty cells as missing; None where it has no usable header."""
    try:
        rows = source.rows
    except DataError:
        return None
    names = source.schema.field_names
    if not rows or rows[0].cells != names:
        return None
    body = [row for row in rows[1:] if row.cells]
    width = len(names)
    cells = [[*row.cells[:width], *[""] * (width - len(row.cells))] for row in body]
    text = text_frame(names, cells, source.schema, index=[row.number for row in body])
    for number, name in _faulty_cells(faults):
        if number in text.index and name in names:
            text.loc[number, name] = None
    return _Table(
        source, text, typed_frame(text, source.schema, source.resource.name, strict=False)
    )


def _faulty_cells(faults: Iterable[Finding]) -> set[tuple[int | None, str]]:
    """Row and field of each finding; one that names several fields is about each of them."""
    return {(each.row, name) for each in faults for name in (each.field or "").split(", ")}


def _check_table(
    table: _Table, held: Mapping[RecordRule, pd.Series[Any]], faulty: set[tuple[int | None, str]]
) -> list[Finding]:
    """The findings of one table, given where each record rule holds."""
    import pandas as pd
    import pandera.pandas as pa

    schema = table.source.schema
    checks: dict[str, list[pa.Check]] = {field.name: [] for field in schema.fields}
    by_name: dict[tuple[str, str], CellRule | RecordRule] = {}
    for field in schema.fields:
        # The typed column no longer has the text that these rules look at.
        text = table.text[field.name]
        for rule in CELL_RULES:
            if rule.applies(field):
                holds = [not isinstance(cell, str) or rule.holds(cell) for cell in text.array]
                # A rule that holds everywhere needs no check: running one takes longer than this.
                if not all(holds):
                    checks[field.name].append(_check(rule, pd.Series(holds, text.index)))
                    by_name[field.name, rule.name] = rule
    for record_rule, held_by_row in held.items():
        if not held_by_row.all():
            checks[record_rule.field].append(_check(record_rule, held_by_row))
            by_name[record_rule.field, record_rule.name] = record_rule
    if not by_name and is_held(schema, table.typed):
        return []
    try:
        derived_schema(schema, table.source.resource.name, checks).validate(table.typed, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
    else:
        return []
    return _found(table, cases, by_name, faulty)


def _found(
    table: _Table,
    cases: pd.DataFrame,
    by_name: Mapping[tuple[str, str], CellRule | RecordRule],
    faulty: set[tuple[int | None, str]],
) -> list[Finding]:
    """The findings of pandera's failure cases, without what an earlier layer has said."""
    if cases["index"].isna().any():
        raise RuntimeError(f"a rule could not be run: {cases['failure_case'].iloc[0]}")
    # Keys are layer 3's business.
    cases = cases[cases["check"] != PRIMARY_KEY]
    places = cases[["column", "check", "index"]].drop_duplicates()
    found, seen = [], set(faulty)
    for column, check, number in places.itertuples(index=False):
        rule = by_name.get((column, check))
        if isinstance(rule, RecordRule) and any(
            (number, name) in faulty for name in rule.shown_fields
        ):
            continue
        if rule is not None:
            found.append(_rule_finding(table, rule, column, int(number)))
            seen.add((number, column))
    # What is left are constraints: frictionless has found them too, unless the two disagree.
    for column, check, number in places.itertuples(index=False):
        if (column, check) not in by_name and (number, column) not in seen:
            found.append(_constraint_finding(table, column, check, int(number)))
    names = table.source.schema.field_names
    return sorted(found, key=lambda each: (each.row or 0, names.index(each.field or names[0])))


def _check(rule: CellRule | RecordRule, holds: pd.Series[Any]) -> pa.Check:
    import pandera.pandas as pa

    return pa.Check(lambda _: holds, name=rule.name, ignore_na=False)


def _not_run(table: _Table, rule: RecordRule, error: Exception) -> Finding:
    """A rule is written for the columns of its tables; here the schema was changed under it."""
    message = f"the rule {rule.name} does not fit the schema ({type(error).__name__}: {error})"
    hint = "a schema and the rules that need it are changed together: see validation/rules/"
    return table.source.finding("rule-not-run", message, hint)


def _rule_finding(table: _Table, rule: CellRule | RecordRule, field: str, number: int) -> Finding:
    row = table.source.by_number[number]
    texts = {name: table.source.cell(row, name) for name in table.source.schema.field_names}
    cells = {name: quoted(text) if text else "(none)" for name, text in texts.items()}
    if isinstance(rule, CellRule):
        message = rule.message.format(value=cells[field])
    else:
        message = rule.message.format_map(cells)
    return table.source.finding(rule.name, message, rule.hint, number=number, field=field)


def _constraint_finding(table: _Table, field: str, check: str, number: int) -> Finding:
    described = table.source.schema.field(field)
    assert described is not None
    row = table.source.by_number[number]
    constraint = "required" if check == "not_nullable" else check
    cell = table.source.cell(row, field) or ""
    message, hint = explain_constraint(described, constraint, cell)
    return table.source.finding("constraint-error", message, hint, number=number, field=field)
