"""Layer 2: the files are UTF-8 text in the canonical form, where the settings ask for it.

Other packages may be written as their owners like; for them this layer has nothing to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ycd_opendata.errors import DataError
from ycd_opendata.messages import mark, reason_of, say
from ycd_opendata.package.canonical import csv_text, order_of
from ycd_opendata.package.model import Package
from ycd_opendata.package.tables.rows import Record, parse_rows
from ycd_opendata.validation.findings import Finding, Layer, LayerResult
from ycd_opendata.validation.table_text import TableText, table_texts

CHECKS = (
    "encoding-error",
    "byte-order-mark",
    "line-ending",
    "final-line-end",
    "row-order",
    "quoting",
)

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_FORMAT = mark("run `ycd format`")


def check_form(package: Package) -> LayerResult:
    """Check the form of every table of a package that is held to the canonical form."""
    if not package.settings.validate.canonical:
        why = say("ycd.toml does not ask for the canonical form")
        return LayerResult(Layer("form", False, skipped=(why,)))
    findings: list[Finding] = []
    skipped = []
    tables = rows = 0
    for name, table in table_texts(package).items():
        try:
            content = package.path(table.resource).read_bytes()
        except OSError as error:
            skipped.append(
                say(
                    "{name}: its file cannot be read ({reason})", name=name, reason=reason_of(error)
                )
            )
            continue
        tables += 1
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            findings.append(_undecodable(table, content, error.start))
            continue
        found, count = _check_text(table, text, content.startswith(_BYTE_ORDER_MARK))
        findings += found
        rows += count
    layer = Layer("form", True, tables, rows, len(CHECKS), tuple(skipped))
    return LayerResult(layer, tuple(findings))


def _undecodable(table: TableText, content: bytes, at: int) -> Finding:
    line = content.count(b"\n", 0, at) + 1
    try:
        content.decode("gb18030")
        guess = say("it reads as GB18030: ")
    except UnicodeDecodeError:
        guess = ""
    message = say("byte {at:,} is {byte:#04x}, which is not UTF-8", at=at, byte=content[at])
    hint = mark("{guess}save the file as UTF-8 (in Excel: CSV UTF-8; in an editor: encoding UTF-8)")
    return table.finding("encoding-error", message, say(hint, guess=guess), line=line)


def _check_text(table: TableText, text: str, has_mark: bool) -> tuple[list[Finding], int]:
    """The findings of one table's text, and its number of rows without the header.

    Where layer 3 has something to say (the text cannot be split into rows, the header is wrong,
    a row is blank), order and quotes wait until that is mended.
    """
    findings = list(_line_findings(table, text, has_mark))
    try:
        header, *body = parse_rows(text, table.resource.dialect) or [Record(1, 1, [])]
    except DataError:
        return findings, 0
    if tuple(header.cells) == table.schema.field_names and all(row.cells for row in body):
        moved = next(_out_of_order(body, table), None)
        if moved is not None:
            message = say(
                "the record {key!r} stands after one that sorts behind it", key=table.key(moved)
            )
            findings.append(table.finding("row-order", message, say(_FORMAT), row=moved))
        elif not findings:
            findings += _quoting_findings(table, text, body)
    return findings, len(body)


def _line_findings(table: TableText, text: str, has_mark: bool) -> Iterator[Finding]:
    """What is wrong with the marks at the start of the file and the ends of its lines."""
    if has_mark:
        message = say("the file starts with a byte order mark")
        yield table.finding("byte-order-mark", message, say(_FORMAT), line=1)
    if "\r" in text:
        message = say("{number} lines end with CR or CRLF, not LF", number=text.count(chr(13)))
        line = text.count("\n", 0, text.index("\r")) + 1
        yield table.finding("line-ending", message, say(_FORMAT), line=line)
    if text and not text.endswith(("\n", "\r")):
        message = say("the last line has no line end")
        line = text.count("\n") + 1
        yield table.finding("final-line-end", message, say(_FORMAT), line=line)


def _out_of_order(body: list[Record], table: TableText) -> Iterator[Record]:
    """The rows whose key sorts before the one above them."""
    order = order_of(table.schema, table.schema.field_names)
    for (_, before), (row, own) in pairwise((row, order(row.cells)) for row in body):
        if own < before:
            yield row


def _quoting_findings(table: TableText, text: str, body: list[Record]) -> Iterator[Finding]:
    """Where sorted, well-ended text still is not canonical: its quotes."""
    expected = csv_text([table.schema.field_names, *(row.cells for row in body)])
    lines = zip(text.split("\n"), expected.split("\n"), strict=False)
    for number, (got, wanted) in enumerate(lines, 1):
        if got != wanted:
            message = say("a cell has quotes that it does not need, or lacks them")
            yield table.finding("quoting", message, say(_FORMAT), line=number)
            return
