"""The values that a column is chosen from, with the names that stand beside them in a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ycd_opendata.package.model import Field, Schema, translations
from ycd_opendata.shown import shortened
from ycd_opendata.site.cell_words import naming_column
from ycd_opendata.site.wording import LANGUAGES

BETWEEN = " · "
"""What stands between a value and its name in a cell."""

_LONGEST_NAME = 80


@dataclass(frozen=True)
class Choices:
    """The names of each value, that of the workbook's language first; a value may have none."""

    names: Mapping[str, tuple[str, ...]]

    def shown(self, value: str) -> str:
        """How a cell shows a value: with its name behind it."""
        return _shown(value, self.names.get(value, ()))

    @cached_property
    def values_by_name(self) -> Mapping[str, tuple[str, ...]]:
        """The values of each name, in whatever language: more than one where it tells nothing."""
        found: dict[str, dict[str, None]] = {}
        for value, names in self.names.items():
            for name in names:
                found.setdefault(name, {})[value] = None
        return {name: tuple(values) for name, values in found.items()}

    @cached_property
    def _by_cell(self) -> Mapping[str, str]:
        return {
            _shown(value, (name,)): value for value, names in self.names.items() for name in names
        }

    def values_of(self, text: str) -> tuple[str, ...] | None:
        """The values that a text stands for, with its name behind it or by its name alone.

        None where it is neither; more than one, or none, where it says two things at once.
        """
        if text in self.names:
            return (text,)
        if text in self._by_cell:
            return (self._by_cell[text],)
        value, between, name = (each.strip() for each in text.partition(BETWEEN.strip()))
        if not between:
            return self.values_by_name.get(text)
        named = self.values_by_name.get(name, ())
        # A name that is nobody's is one of before.
        is_one = value in self.names and (not named or value in named)
        return (value,) if is_one else tuple(dict.fromkeys((value, *named))) if named else ()


def _shown(value: str, names: Sequence[str]) -> str:
    name = " ".join(names[0].split()) if names else ""
    if not name or name == value:
        return value
    return f"{value}{BETWEEN}{shortened(name, _LONGEST_NAME)}"


def category_choices(field: Field, lang: str) -> Choices | None:
    """The categories of a field, or the values of its enumeration; None if it has neither."""
    values = field.categories or [{"value": each} for each in field.constraints.get("enum") or ()]
    names = {
        str(each.get("value")): _ordered(translations(each, "label", "en"), lang) for each in values
    }
    return Choices(names) if names else None


def record_choices(
    schema: Schema, rows: Iterable[Mapping[str, str]], name: str, lang: str
) -> Choices:
    """The values of one column of a table, with the names of its records."""
    fields = {*schema.field_names}
    languages = {lang, *LANGUAGES}
    stems = {
        each: each.rpartition("_")[0] if each.rpartition("_")[2] in languages else each
        for each in schema.field_names
        if each != name
    }
    stem = naming_column(stems.values())
    names: dict[str, tuple[str, ...]] = {}
    for row in rows:
        said: dict[str, Any] = {
            each: row.get(f"{stem}_{each}", "") for each in languages if f"{stem}_{each}" in fields
        }
        named = {**said, "": row.get(stem, "")} if stem else {}
        names.setdefault(row.get(name, ""), _ordered(named, lang))
    names.pop("", None)
    return Choices(names)


def _ordered(named: Mapping[str, str], lang: str) -> tuple[str, ...]:
    """The names that there are, those of a language first."""
    order = sorted(named, key=lambda each: (each != lang, each))
    return tuple(dict.fromkeys(named[each] for each in order if named[each]))
