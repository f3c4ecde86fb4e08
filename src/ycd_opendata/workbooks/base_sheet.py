"""The hidden sheet that says what the records were when a workbook was made.

By it, changes of the package since are told from the edits of the workbook. Its rows are facts
about the package, then a digest of each record, then the edits that were suggested.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from xlsxwriter.worksheet import Worksheet

from ycd_opendata.errors import PackageError
from ycd_opendata.messages import LANGUAGES, Language, say
from ycd_opendata.package.model import Package
from ycd_opendata.publishing.formats.sheet_cells import write_text
from ycd_opendata.suggestion import Edit, Suggestion
from ycd_opendata.workbooks.book_reading import ReadSheet
from ycd_opendata.workbooks.sheet_writing import Looks
from ycd_opendata.workbooks.table_sheets import BASE, Layout

LANGUAGE, OFFERED = "language", "suggestion"


def digest(cells: Sequence[str]) -> str:
    """What tells a record as it was from one that has changed since."""
    return hashlib.sha256("\x1f".join(cells).encode()).hexdigest()[:16]


def key_text(key: Iterable[str]) -> str:
    """A key as one text."""
    return json.dumps([*key], ensure_ascii=False)


def edit_as_text(suggestion: Suggestion) -> str:
    """The edit of a suggestion, as JSON."""
    edit = suggestion.edit
    facts = [] if edit is None else [edit.table, {**edit.where}, {**edit.cells}]
    return json.dumps(facts, ensure_ascii=False)


def edit_of_text(text: str) -> Edit | None:
    """The edit that such a text holds; None if it is another one."""
    try:
        table, where, cells = json.loads(text)
        return Edit(str(table), dict(where), dict(cells))
    except (TypeError, ValueError):
        return None


def write_base(
    sheet: Worksheet, package: Package, plan: Layout, offered: Sequence[Suggestion], looks: Looks
) -> None:
    """Write what the records are, and which edits are suggested."""
    rows: list[tuple[str, ...]] = [
        ("package", package.name),
        ("version", package.version),
        (LANGUAGE, plan.lang),
    ]
    for table in plan.sheets:
        places, name = table.key_places, table.file.resource.name
        for number, record in enumerate(table.file.rows):
            key = key_text(record.cells[at] for at in places) if places else f"#{number}"
            rows.append((name, key, digest(record.cells)))
    rows += ((OFFERED, each.name, edit_as_text(each)) for each in offered)
    for row, texts in enumerate(rows):
        for at, text in enumerate(texts):
            write_text(sheet, row, at, text, looks.text)


@dataclass(frozen=True)
class Base:
    """What the records were when a workbook was made: by table and key, the digest of each.

    Where a table has no key, a number stands for it.

    ``is_known`` says that the workbook tells it. ``edits`` are those that it suggested, by the
    name of the suggestion.
    """

    digests: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    is_known: bool = False
    lang: Language | None = None
    edits: Mapping[str, str] = field(default_factory=dict)


def read_base(sheets: Sequence[ReadSheet], package: Package) -> Base:
    """What a workbook says of the package that it was made of.

    Raises PackageError where it was made of another package.
    """
    sheet = next((each for each in sheets if each.name == BASE), None)
    if sheet is None:
        return Base()
    digests: dict[str, dict[str, str]] = {}
    edits: dict[str, str] = {}
    lang: Language | None = None
    for row in sheet.rows:
        cells = [*map(str, row), "", ""][:3]
        if cells[0] == "package" and not cells[2] and cells[1] != package.name:
            names = {"other": cells[1], "name": package.name}
            raise PackageError(
                say("the workbook is of the package {other!r}, not of {name!r}", **names),
                say("name the folder of that package"),
            )
        if cells[0] == LANGUAGE and not cells[2]:
            lang = next((each for each in LANGUAGES if each == cells[1]), None)
        if cells[0] == OFFERED and cells[1][:1] not in "[#":
            edits[cells[1]] = cells[2]
        elif cells[2]:
            digests.setdefault(cells[0], {})[cells[1]] = cells[2]
    return Base(digests, True, lang, edits)
