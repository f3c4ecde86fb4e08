"""What a data package consists of, as frozen dataclasses.

The words are those of the Data Package and Table Schema standards, version 2. Only what some
part of this project uses is a named attribute; everything else stays in ``raw``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ycd_opendata.messages import say
from ycd_opendata.package.settings import Settings

_DATES = ("date", "datetime", "year", "yearmonth")
_TRUE, _FALSE = ("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")


def in_language(raw: Mapping[str, Any], key: str, lang: str) -> str:
    """A text of a descriptor in a language, such as ``title@zh``; the default one if need be.

    By the standard's recipes for several languages: ``languages`` lists them, the default first,
    and a key with ``@`` and a language is the translation of the key without.
    """
    text = raw.get(f"{key}@{lang}") or raw.get(key, "")
    return text if isinstance(text, str) else ""


def translations(raw: Mapping[str, Any], key: str, default: str) -> dict[str, str]:
    """A text of a descriptor by language, the default one first; empty texts are left out."""
    found = {default: raw.get(key, "")}
    for name, text in raw.items():
        stem, _, lang = name.partition("@")
        if stem == key and lang:
            found[lang] = text
    return {lang: text for lang, text in found.items() if isinstance(text, str) and text}


def bilingual(raw: Mapping[str, Any], key: str) -> str:
    """A text of a descriptor in all its languages, for a place where no language is chosen."""
    return " ".join(dict.fromkeys(translations(raw, key, "").values()))


@dataclass(frozen=True)
class Deprecation:
    """That a field goes: the version without it, and the field that takes its place, or ""."""

    removed_in: str
    replaced_by: str

    def __str__(self) -> str:
        instead = (
            say("use {replaced_by!r}; ", replaced_by=self.replaced_by) if self.replaced_by else ""
        )
        return say("{instead}removed in {removed_in}", instead=instead, removed_in=self.removed_in)


@dataclass(frozen=True)
class Field:
    """One column, as its Table Schema describes it."""

    name: str
    type: str
    format: str
    title: str
    description: str
    unit: str
    constraints: Mapping[str, Any]
    raw: Mapping[str, Any] = field(repr=False)

    @property
    def required(self) -> bool:
        """Whether the field's own constraints forbid an empty cell."""
        return bool(self.constraints.get("required"))

    @property
    def is_partial_date(self) -> bool:
        """Whether the text is a date of reduced precision, such as ``2022`` or ``2022-01``."""
        return bool(self.raw.get("partialDate"))

    @property
    def is_number(self) -> bool:
        """Whether it holds numbers that are figures; years are none."""
        return self.type in ("integer", "number")

    @cached_property
    def categories(self) -> tuple[Mapping[str, Any], ...]:
        """The values that it lists, each an object with its ``value`` and perhaps a ``label``."""
        listed = self.raw.get("categories")
        objects = (
            each if isinstance(each, Mapping) else {"value": each}
            for each in (listed if isinstance(listed, list) else ())
        )
        return tuple(each for each in objects if isinstance(each.get("value"), str | int | float))

    @property
    def is_dated(self) -> bool:
        """Whether it holds dates, be it as text."""
        return self.type in _DATES or self.is_partial_date

    @property
    def truth_values(self) -> dict[str, bool]:
        """The words of a boolean field; those of the standard where it does not say its own."""
        words = dict.fromkeys(self.raw.get("trueValues", _TRUE), True)
        return words | dict.fromkeys(self.raw.get("falseValues", _FALSE), False)

    @property
    def of_items(self) -> Field:
        """A field for the items of a list: of their type, in its default format."""
        type_ = str(self.raw.get("itemType", "string"))
        raw = {"name": self.name, "type": type_}
        return Field(self.name, type_, "default", "", "", "", {}, raw)

    @property
    def deprecation(self) -> Deprecation | None:
        """That the field goes, if its schema says so: ``{"replacedBy": ..., "removedIn": ...}``."""
        said = self.raw.get("deprecated")
        if not isinstance(said, Mapping) or not isinstance(said.get("removedIn"), str):
            return None  # somebody else's key of this name
        return Deprecation(said["removedIn"], str(said.get("replacedBy") or ""))

    @property
    def is_code(self) -> bool:
        """Whether the cell is machine-readable (a number, date, code) rather than prose."""
        return self.type != "string" or bool({"pattern", "enum"} & set(self.constraints))


@dataclass(frozen=True)
class ForeignKey:
    """Fields whose values must exist in the reference fields of a resource ("" is the own one)."""

    fields: tuple[str, ...]
    resource: str
    reference_fields: tuple[str, ...]


@dataclass(frozen=True)
class Schema:
    """A Table Schema."""

    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    missing_values: tuple[str, ...]
    raw: Mapping[str, Any] = field(repr=False)

    @property
    def field_names(self) -> tuple[str, ...]:
        """The names of the fields, in the order of the columns."""
        return tuple(each.name for each in self.fields)

    @property
    def unique_keys(self) -> tuple[tuple[str, ...], ...]:
        """The fields of each key of ``uniqueKeys``, which may name one that is not there."""
        listed = self.raw.get("uniqueKeys")
        return tuple(
            tuple(map(str, each)) if isinstance(each, list) else (str(each),)
            for each in (listed if isinstance(listed, list) else ())
        )

    def field(self, name: str) -> Field | None:
        """The field of this name, if there is one."""
        return next((each for each in self.fields if each.name == name), None)

    def is_filled(self, field: Field) -> bool:
        """Whether no cell of a field may be missing: it is required, or a part of the key."""
        return field.required or field.name in self.primary_key

    def missing_values_of(self, field: Field) -> tuple[str, ...]:
        """The texts that stand for no value in a field: its own, if it has them, or the schema's.

        Only this says what is missing, for every use of a table.
        """
        own = field.raw.get("missingValues")
        return self.missing_values if own is None else missing_texts(own)

    def missing_text_of(self, field: Field) -> str:
        """What a cell without a value is written as."""
        missing = self.missing_values_of(field)
        return "" if "" in missing or not missing else missing[0]


def missing_texts(listed: Iterable[Any]) -> tuple[str, ...]:
    """The texts of a list of missing values, some of which may have a label."""
    return tuple(each["value"] if isinstance(each, Mapping) else each for each in listed)


@dataclass(frozen=True)
class Resource:
    """A table: its name, its files (relative to the package's folder) and its schema."""

    name: str
    title: str
    description: str
    paths: tuple[str, ...]
    encoding: str
    schema: Schema | None
    dialect: Mapping[str, Any]
    raw: Mapping[str, Any] = field(repr=False)

    @property
    def ignores_case(self) -> bool:
        """Whether labels and fields' names are the same in capital and small letters."""
        return self.dialect.get("headerCase") is False

    @property
    def is_table(self) -> bool:
        """Whether it is a table: what has no schema is a file like any other."""
        return self.schema is not None

    def field(self, name: str) -> Field | None:
        """The field of this name, if there is a schema that has it."""
        return None if self.schema is None else self.schema.field(name)


@dataclass(frozen=True)
class Package:
    """A data package in a local folder; ``raw`` is its descriptor, schemas and dialects inlined.

    ``settings`` are what its owner asks of ycd, in ``ycd.toml``.
    """

    root: Path
    descriptor_path: Path
    name: str
    version: str
    title: str
    created: str
    resources: tuple[Resource, ...]
    raw: Mapping[str, Any] = field(repr=False)
    settings: Settings = field(default=Settings(), repr=False)

    def resource(self, name: str) -> Resource | None:
        """The resource of this name, if there is one."""
        return next((each for each in self.resources if each.name == name), None)

    def path(self, resource: Resource) -> Path:
        """The file of a resource of one file."""
        return self.root / resource.paths[0]
