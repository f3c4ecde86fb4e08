"""Layer 4: the rules of the package's extension, run by pandera on the typed frames of the loader.

A cell that an earlier layer found wrong counts as missing here, so that one mistake gives one
finding. A table whose header is wrong has no fields to speak of and is skipped, and so is a rule
that needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pandera.pandas as pa

from ycd_opendata.errors import DataError
from ycd_opendata.extension import CellRule, RecordRule, Tables
from ycd_opendata.extension_loading import extension_of
from ycd_opendata.loader.frames import text_frame, typed_frame
from ycd_opendata.loader.loading import load_table
from ycd_opendata.messages import mark, say
from ycd_opendata.package.model import Field, Package
from ycd_opendata.shown import quoted
from ycd_opendata.validation.findings import Finding, Layer, LayerResult
from ycd_opendata.validation.generated_texts import stale_texts
from ycd_opendata.validation.table_text import TableText, table_texts


@dataclass(frozen=True)
class _Table:
    """One table as the rules see it: the text of its cells, and the typed frame."""

    source: TableText
    text: pd.DataFrame
    typed: pd.DataFrame


def check_rules(
    package: Package, earlier: Iterable[Finding], *, is_whole: bool = True
) -> LayerResult:
    """Check the rules of a package's extension, given what earlier layers found.

    Texts that are generated from the tables are compared where ``is_whole``: all tables are there.
    """
    extension = extension_of(package)
    faults = [each for each in earlier if each.severity == "error"]
    tables: dict[str, _Table] = {}
    skipped = []
    for name, source in table_texts(package).items():
        table = _read(source, [each for each in faults if each.resource == name])
        if table is None:
            skipped.append(say("{name}: its file or header has to be mended first", name=name))
        else:
            tables[name] = table
    frames = {name: table.typed for name, table in tables.items()}
    rules = []
    for each in extension.record_rules:
        absent = ", ".join(sorted({*each.needs} - {*frames}))
        if each.table in frames and absent:
            template = mark("{table}.{name}: it needs {names}")
            skipped.append(say(template, table=each.table, name=each.name, names=absent))
        elif each.table in frames:
            rules.append(each)
    if extension.documents is not None and not is_whole:
        skipped.append(say("texts that are generated from the tables: not every table was read"))
    findings: list[Finding] = []
    for name, table in tables.items():
        faulty = _faulty_cells(each for each in faults if each.resource == name)
        here = [each for each in rules if each.table == name]
        found, not_there = _check_table(table, extension.cell_rules, here, frames, faulty)
        findings += found
        skipped += not_there
    if not faults and not skipped and not findings:
        findings += _stale_texts(package, frames)
    rows = sum(len(frame) for frame in frames.values())
    checks = len(rules) + len(extension.cell_rules) + (extension.documents is not None)
    return LayerResult(
        Layer("rules", True, len(frames), rows, checks, tuple(skipped)), tuple(findings)
    )


def _stale_texts(package: Package, frames: Tables) -> Iterator[Finding]:
    """Where README and codebook tell other figures than the tables have."""

    def load(name: str) -> pd.DataFrame:
        found = frames.get(name)
        return load_table(package, name, load) if found is None else found.reset_index(drop=True)

    try:
        template = mark("the figures under {block!r} are not the tables'")
        texts = stale_texts(package, load)
        stale = [(each.path, each.line, say(template, block=each.block)) for each in texts]
    except DataError as error:
        stale = [(package.descriptor_path.name, 0, error.message)]
    for path, line, message in stale:
        yield Finding(
            code="stale-text",
            path=path,
            line=line or None,
            message=message,
            hint=say("run `ycd format`"),
        )


def _read(source: TableText, faults: list[Finding]) -> _Table | None:
    """The table's frames, faulty cells as missing; None where it has no usable header."""
    try:
        rows = source.rows
    except DataError:
        return None
    names = source.schema.field_names
    if not rows or tuple(rows[0].cells) != names:
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
    table: _Table,
    cell_rules: Sequence[CellRule],
    record_rules: Sequence[RecordRule],
    frames: Tables,
    faulty: set[tuple[int | None, str]],
) -> tuple[list[Finding], list[str]]:
    """The findings of one table, and a sentence for each rule whose column is not there."""
    schema, name = table.source.schema, table.source.resource.name
    checks: dict[str, list[pa.Check]] = {field.name: [] for field in schema.fields}
    by_name: dict[tuple[str, str], CellRule | RecordRule] = {}
    raised: dict[CellRule | RecordRule, Exception] = {}
    for field in schema.fields:
        text = table.text[field.name]
        for rule in _broken(cell_rules, field, text, raised):
            checks[field.name].append(_check(rule, field.name, table, frames, raised))
            by_name[field.name, rule.name] = rule
    for record_rule in record_rules:
        if record_rule.field in checks:
            check = _check(record_rule, record_rule.field, table, frames, raised)
            checks[record_rule.field].append(check)
            by_name[record_rule.field, record_rule.name] = record_rule
        else:
            raised[record_rule] = KeyError(record_rule.field)
    # What the Table Schema asks for is layer 3's business.
    columns = {
        each: pa.Column(checks=listed, nullable=True) for each, listed in checks.items() if listed
    }
    pandera_schema = pa.DataFrameSchema(columns, name=name)
    found: list[Finding] = []
    try:
        pandera_schema.validate(table.typed, lazy=True)
    except pa.errors.SchemaErrors as errors:
        found = _found(table, errors.failure_cases, by_name, faulty)
    absent = {
        rule: error.args[0]
        for rule, error in raised.items()
        if isinstance(error, KeyError) and _is_absent(error, frames)
    }
    skipped = [
        say("{name}.{rule}: there is no column {it!r}", name=name, rule=rule.name, it=it)
        for rule, it in absent.items()
    ]
    broken = [_not_run(table, rule, each) for rule, each in raised.items() if rule not in absent]
    return broken + found, skipped


def _is_absent(error: KeyError, frames: Tables) -> bool:
    """Whether it is a column that some table lacks: what came later is not in older releases."""
    name = error.args[0] if error.args else None
    return isinstance(name, str) and not all(name in frame for frame in frames.values())


def _broken(
    rules: Sequence[CellRule],
    field: Field,
    text: pd.Series[Any],
    raised: dict[CellRule | RecordRule, Exception],
) -> Iterator[CellRule]:
    """The rules that some cell breaks: for those that hold, no check has to be set up."""
    different = text.array.dropna().unique().tolist()
    for rule in rules:
        try:
            if rule.applies(field) and not all(map(rule.holds, different)):
                yield rule
        except Exception as error:
            raised[rule] = error


def _found(
    table: _Table,
    cases: pd.DataFrame,
    by_name: Mapping[tuple[str, str], CellRule | RecordRule],
    faulty: set[tuple[int | None, str]],
) -> list[Finding]:
    """The findings of pandera's failure cases, without what an earlier layer has said."""
    # What has no row is a check that pandera could not make.
    cases = cases[cases["index"].notna()]
    places = cases[["column", "check", "index"]].drop_duplicates()
    found = []
    for column, check, number in places.itertuples(index=False):
        rule = by_name[column, check]
        if isinstance(rule, RecordRule) and any(
            (number, name) in faulty for name in rule.shown_fields
        ):
            continue
        found.append(_rule_finding(table, rule, column, int(number)))
    names = table.source.schema.field_names
    return sorted(found, key=lambda each: (each.row or 0, names.index(each.field or names[0])))


def _check(
    rule: CellRule | RecordRule,
    field: str,
    table: _Table,
    frames: Tables,
    raised: dict[CellRule | RecordRule, Exception],
) -> pa.Check:
    """A rule as a check of the column that it points at; of cells it is given the text."""

    def holds(_: pd.Series[Any]) -> pd.Series[Any]:
        index = table.typed.index
        try:
            if isinstance(rule, CellRule):
                cells = table.text[field].array
                kept = [not isinstance(cell, str) or rule.holds(cell) for cell in cells]
                return pd.Series(kept, index)
            found = rule.holds(table.typed, frames).astype(bool)
            if not found.index.equals(index):
                template = mark("it says something of {found} rows, not of {rows}")
                raise ValueError(say(template, found=len(found), rows=len(index)))
            return found
        except Exception as error:
            raised[rule] = error
            return pd.Series(True, index)

    return pa.Check(holds, name=rule.name, ignore_na=False)


def _not_run(table: _Table, rule: CellRule | RecordRule, error: Exception) -> Finding:
    """A rule is somebody's code, and is run on whatever there is."""
    said = f"{type(error).__name__}: {error}".rstrip(": ")
    message = say("the rule {rule} could not be run: {said}", rule=rule.name, said=said)
    module = getattr(rule.holds, "__module__", "")
    advice = mark("mend the rule in {module}, or change it together with the schema that it is for")
    hint = say(advice, module=module)
    return table.source.finding("rule-not-run", message, hint)


def _rule_finding(table: _Table, rule: CellRule | RecordRule, field: str, number: int) -> Finding:
    row = table.source.by_number[number]
    texts = {name: table.source.cell(row, name) for name in table.source.schema.field_names}
    cells = {name: quoted(text) if text else say("(none)") for name, text in texts.items()}
    if isinstance(rule, CellRule):
        cells["value"] = cells[field]  # of a record it is the field of that name
    template = say(rule.message)
    try:
        message = template.format_map(cells)
    except (LookupError, ValueError, AttributeError):
        message = template  # it names what the record does not have
    return table.source.finding(rule.name, message, say(rule.hint), row=row, field=field)
