"""What the cells of any table say: their words, where they lead, and what they are sorted by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ycd_opendata.inferring.words import says_which
from ycd_opendata.package.model import Field
from ycd_opendata.site.content import Content, Table
from ycd_opendata.site.listing import Cell
from ycd_opendata.site.packed_rows import WHOLE_KEY, Row, reference_key
from ycd_opendata.site.wording import LANGUAGES, Wording, Words, joined, language_of, without_id

_NAMING = ("name", "title", "label")
_NUMBERS = ("integer", "number")
_DATES = ("date", "datetime", "yearmonth")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}(?:-[0-9]{2})?)(?:T([0-9]{2}:[0-9]{2}.*))?")
"""A month or a day, and perhaps the time of the day with its zone."""
_SHOWN = 300
"""Characters of a text that a list shows; the record's page has all of it."""


def naming_column(names: Iterable[str]) -> str:
    """The column, of some names, that says what a record is called; "" where none does."""
    columns = list(names)
    for naming in _NAMING:
        for name in columns:
            if name.lower() == naming or name.lower().endswith(f"_{naming}"):
                return name
    return ""


@dataclass(frozen=True)
class Reference:
    """A foreign key that leads to records with pages: its fields in the order of their key."""

    table: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """A field as lists and record pages show it.

    ``title`` is what it is called, with its unit; ``stem`` the name of a text that the table has in
    both languages, without the language; ``refers_to`` the table that a foreign key of this one
    field leads to; ``part_of`` a foreign key of several fields that it belongs to.
    """

    field: Field
    title: Words
    stem: str
    refers_to: str
    part_of: Reference | None


class CellWords:
    """Says the cells of the tables of a release in one language."""

    def __init__(self, content: Content, wording: Wording) -> None:
        self.content = content
        self.wording = wording

    @cached_property
    def columns(self) -> Mapping[str, tuple[Column, ...]]:
        """The columns of each table; a text in both languages is one of them."""
        return {name: self._columns(table) for name, table in self.content.tables.items()}

    def _columns(self, table: Table) -> tuple[Column, ...]:
        schema = table.resource.schema
        if schema is None:
            return ()
        found, pairs = [], _pairs(table, is_in_both=len(self.content.languages) > 1)
        for field in schema.fields:
            stem, lang = pairs.get(field.name, ("", self.wording.lang))
            if lang != self.wording.lang:
                continue
            by_number = {
                len(each.fields) > 1: each
                for each in reversed(self.references[table.name])
                if field.name in each.fields
            }
            alone, part_of = by_number.get(False), by_number.get(True)
            refers_to = alone.table if alone is not None else ""
            title = self._title(field, is_reference=bool(refers_to))
            found.append(Column(field, title, stem, refers_to, part_of))
        return tuple(found)

    @cached_property
    def references(self) -> Mapping[str, tuple[Reference, ...]]:
        """The foreign keys of each table that lead to records with pages."""
        return {
            name: tuple(_references(self.content, table))
            for name, table in self.content.tables.items()
        }

    def referred(self, reference: Reference, row: Row) -> tuple[str, Row]:
        """The key that a row refers to, "" if a part is empty; and the record, if there is one."""
        key = reference_key(row, reference.fields)
        return key, self.content.row(reference.table, key)

    @cached_property
    def labels(self) -> Mapping[str, Column | None]:
        """The column that names the records of each table; None where it is their key."""
        return {name: self._label(each) for name, each in self.content.tables.items()}

    def _label(self, table: Table) -> Column | None:
        columns = {each.stem or each.field.name: each for each in self.columns[table.name]}
        return columns.get(naming_column(columns))

    def name(self, table: Table, row: Row) -> Words:
        """What a record is called."""
        label = self.labels[table.name]
        words = Words("") if label is None else self._text(label, row)
        if words.text:
            return words
        if table.key == WHOLE_KEY:
            return Words(self.wording.text("site.comma").join(self._parts_of_key(table, row)))
        key, field = row.get(table.key, ""), table.resource.field(table.key)
        return Words(self.wording.date(key) if field is not None and field.is_dated else key)

    def beside_name(self, table: Table, row: Row, name: str) -> Words:
        """The key of a record with a name, or what of a key of several the name does not say."""
        schema = table.resource.schema
        if schema is None or self.labels[table.name] is None:
            return Words("")
        return Words(", ".join(row[each] for each in schema.primary_key if row[each] != name))

    def _parts_of_key(self, table: Table, row: Row) -> Iterator[str]:
        """What the fields of a key of several say, references under their names."""
        schema = table.resource.schema
        keys = schema.primary_key if schema is not None else ()
        for each in self.columns[table.name]:
            if each.field.name in keys:
                yield joined(self.cell(each, row).words)

    def _text(self, column: Column, row: Row) -> Words:
        if column.stem:
            return self.wording.pair(row, column.stem)
        text = row[column.field.name]
        return Words(text) if column.field.is_code else self.wording.source_words(text)

    def cell(self, column: Column, row: Row, whole: bool = False) -> Cell:
        """A cell as a list shows it, or the whole of it, however long it is."""
        field, text, wording = column.field, row[column.field.name], self.wording
        if column.refers_to and text:
            other = self.content.tables[column.refers_to]
            found = other.row(text)
            name = Words(text) if found is None else self.name(other, found)
            return Cell((name,), self.content.record_place(other.name, text))
        if field.raw.get("categories") and text:
            return Cell((wording.category(field, text),))
        if field.type == "boolean" and wording.has(f"site.{text.lower()}"):
            return Cell((Words(wording.text(f"site.{text.lower()}")),))
        href = self._page_of_whole(column.part_of, row) if column.part_of is not None else ""
        if field.type in _NUMBERS:
            said = text if says_which(field.name) else wording.amount(text)
            return Cell((Words(said),), href, kind="number", order=text)
        if field.is_partial_date:
            return Cell((Words(wording.date(text)),), href, order=text)
        if field.type in _DATES and (moment := _DAY.fullmatch(text)):
            said = " ".join((wording.date(moment[1]), *filter(None, moment.groups()[1:])))
            return Cell((Words(said),), href, order=text)
        words = self._text(column, row)
        if whole:
            return Cell((words,), href)
        return Cell((shortened(words),), href, kind="address" if field.format == "uri" else "")

    def _page_of_whole(self, reference: Reference, row: Row) -> str:
        return self.content.record_place(reference.table, self.referred(reference, row)[0])

    def _title(self, field: Field, is_reference: bool) -> Words:
        words, unit = self.wording.column(field), field.unit
        if is_reference:
            return without_id(words)
        beside = self.wording.text("site.beside", text=unit) if unit else ""
        return Words(words.text + beside, words.lang)


def _pairs(table: Table, is_in_both: bool) -> dict[str, tuple[str, str]]:
    """The columns of texts in both languages: the name without the language, and the language.

    On a site in both a column may leave its language out, as ``town`` beside ``town_zh``, if its
    first text is in the other one, and no record is known by it.
    """
    found: dict[str, tuple[str, str]] = {}
    schema = table.resource.schema
    names = schema.field_names if schema is not None else ()
    for lang, other in (LANGUAGES, LANGUAGES[::-1]):
        for stem in (each.removesuffix(f"_{lang}") for each in names if each.endswith(f"_{lang}")):
            pair = f"{stem}_{other}"
            if pair not in names and is_in_both and _is_text_in(table, stem, other):
                pair = stem
            if pair in names:
                found |= {f"{stem}_{lang}": (stem, lang), pair: (stem, other)}
    return found


def _is_text_in(table: Table, name: str, lang: str) -> bool:
    field, schema = table.resource.field(name), table.resource.schema
    if field is None or schema is None or field.is_code or field.categories:
        return False
    keys = {*schema.primary_key, *(each for key in schema.foreign_keys for each in key.fields)}
    first = next((row[name] for row in table.rows if row[name]), "")
    return name not in keys and bool(first) and language_of(first) == lang


def _references(content: Content, table: Table) -> Iterator[Reference]:
    schema = table.resource.schema
    for each in schema.foreign_keys if schema is not None else ():
        other = content.tables.get(each.resource or table.name)
        if other is None or not other.key or other.resource.schema is None:
            continue
        fields = dict(zip(each.reference_fields, each.fields, strict=True))
        key = other.resource.schema.primary_key
        if fields.keys() == {*key}:
            yield Reference(other.name, tuple(fields[name] for name in key))


def shortened(words: Words) -> Words:
    """A text that is no longer than a list has room for."""
    if len(words.text) <= _SHOWN:
        return words
    return Words(words.text[:_SHOWN].rstrip() + "…", words.lang)
