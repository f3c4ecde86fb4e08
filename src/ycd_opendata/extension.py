"""What an owner adds to the tool for a package: one value, an ``Extension``.

Everything here is a value that the tool reads; nothing in it is told when something happens. The
tool works without any, and our own data set is served by one like everybody's. How one is found
is the business of ``extension_loading``.

A minimal one, in a file that ``ycd validate --extension rules.py`` names::

    from ycd_opendata.extension import Extension, RecordRule

    def later_than_built(frame, tables):
        return ~(frame["closed"] < frame["built"]).fillna(False)

    EXTENSION = Extension(
        package="bridges",
        record_rules=(
            RecordRule(
                "closed-before-built", "bridges", "closed", (),
                "closed in {closed}, built in {built}", "correct one of the years",
                later_than_built,
            ),
        ),
    )
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

from ycd_opendata.messages import mark, say
from ycd_opendata.package.model import Field, Package, Resource, Schema
from ycd_opendata.suggestion import Suggestion

if TYPE_CHECKING:
    import pandas as pd

Tables = Mapping[str, "pd.DataFrame"]
"""The typed frames of a package by table name."""

Load = Callable[[str], "pd.DataFrame"]
"""Gives the typed frame of a table of the package by its name, derived tables included."""

Holds = Callable[["pd.DataFrame", Tables], "pd.Series[Any]"]
"""From a table's frame and all frames to a boolean column: True where a rule holds."""


@dataclass(frozen=True)
class CellRule:
    """A rule about the text of single cells of the fields that it applies to.

    Attributes
    ----------
    name : str
        The code of its findings.
    applies : callable
        Whether it looks at a field.
    holds : callable
        Whether a cell's text, which is not missing, keeps it.
    message, hint : str
        What is wrong, with ``{value}`` for the cell, and what to do.
    """

    name: str
    applies: Callable[[Field], bool]
    holds: Callable[[str], bool]
    message: str
    hint: str


@dataclass(frozen=True)
class RecordRule:
    """A rule about the records of one table, with the other tables at hand.

    It says nothing about what is missing: whether a cell may be empty is the Table Schema's
    business.

    Attributes
    ----------
    name, table, field : str
        The code of its findings, and where they point.
    needs : tuple of str
        The other tables that it looks at.
    message, hint : str
        What is wrong, a template over the record's fields such as ``{phrase}``, and what to do.
    holds : callable
        From the table's frame and all frames to a boolean column: True where the rule holds.
    """

    name: str
    table: str
    field: str
    needs: tuple[str, ...]
    message: str
    hint: str
    holds: Holds

    @property
    def shown_fields(self) -> set[str]:
        """The fields that the rule points at or shows: those that it judges together."""
        named = (name for _, name, _, _ in Formatter().parse(self.message) if name)
        return {self.field, *named}


def record_rule(
    registry: list[RecordRule],
    fields: Mapping[str, str],
    *,
    needs: tuple[str, ...] = (),
    message: str,
    hint: str,
) -> Callable[[Holds], Holds]:
    """Register a function as a rule of each table in ``fields``, which says where it points.

    The rule's name is the function's, in kebab case.
    """

    def register(holds: Holds) -> Holds:
        name = holds.__name__.replace("_", "-")
        for table, place in fields.items():
            registry.append(RecordRule(name, table, place, needs, message, hint, holds))
        return holds

    return register


@dataclass(frozen=True)
class DerivedTable:
    """A table that is computed when it is asked for or published, and never typed.

    Attributes
    ----------
    name : str
    schema : str
        The path of its Table Schema in the package's folder; title and description of the table
        stand in it too.
    needs : tuple of str
        The tables that it is computed from.
    compute : callable
        From a way to load those, and the day of the release, to a frame with the schema's
        columns.
    sql : callable or None
        From the table's schema and the day of the release, ``YYYY-MM-DD``, to the statement
        ``CREATE VIEW name AS ...`` by which SQLite computes the same. Without it the table is
        stored like any other.
    """

    name: str
    schema: str
    needs: tuple[str, ...]
    compute: Callable[[Load, datetime.date], pd.DataFrame]
    sql: Callable[[Schema, str], str] | None = None


@dataclass(frozen=True)
class AsOf:
    """What was known on a day.

    Attributes
    ----------
    table : callable
        The records of one table that were known by the end of a day.
    tables : callable
        A way to load all tables so, for what is derived from them.
    """

    table: Callable[[datetime.date, Package, Resource, Load], pd.DataFrame]
    tables: Callable[[datetime.date, Package, Load], Load]


@dataclass(frozen=True)
class GeneratedText:
    """A text in Markdown that is generated from the tables: its name and its heading.

    In a document it stands between ``<!-- NAME -->`` and ``<!-- end of NAME -->``.
    """

    name: str
    heading: str
    text: str


@dataclass(frozen=True)
class Documents:
    """The documents that hold generated texts, by their paths in the package's folder.

    ``ycd format`` writes the texts, ``ycd validate`` says where they are stale, and the README
    of a release has each of them under its heading.
    """

    paths: tuple[str, ...]
    texts: Callable[[Package, Load], tuple[GeneratedText, ...]]


@dataclass(frozen=True)
class Place:
    """A place that the data are about; ``names`` by language."""

    id: str
    names: Mapping[str, str]


@dataclass(frozen=True)
class Variable:
    """Something that is measured, with its unit ("" if it has none); ``names`` by language."""

    names: Mapping[str, str]
    unit: str


@dataclass(frozen=True)
class Subject:
    """What the metadata standards ask for and no descriptor says.

    Attributes
    ----------
    languages : tuple of str
        The languages of the data.
    places : iterable of Place
    period : (str, str) or None
        The first and the last year that the data speak of.
    variables : iterable of Variable
    """

    languages: tuple[str, ...] = ()
    places: Iterable[Place] = ()
    period: tuple[str, str] | None = None
    variables: Iterable[Variable] = ()


@dataclass(frozen=True)
class SiteAdditions:
    """What the site shows of a package beyond what it shows of any.

    The callables are given, and give, values of ``ycd_opendata.site``, which stands above this
    module; so their types are only named here: ``Renderer`` (the pages of one language),
    ``Content`` (the tables of the release), ``Table``, ``Listing``, ``RecordView``, ``Picture``.
    A page is its path in the catalogue and its text, a picture its path and its bytes.

    Attributes
    ----------
    folder : Path
        Whatever of these it holds: ``texts.toml``, whose texts take the place of the site's of
        the same name; ``templates/``, whose Jinja templates take the place of the site's of the
        same name and may extend them as ``site/NAME``; ``site.css``, which follows the site's.
    tables : mapping
        The tables whose records have a page, each with the name of the list that leads to them.
        Without any, it is every table whose key is one field.
    menu : tuple of str
        The lists that every page links to.
    listing : callable or None
        From a ``Renderer`` and the name of a list to its ``Listing``.
    record : callable or None
        From a ``Renderer``, a ``Table`` and a record's cells to its ``RecordView``.
    record_json : callable or None
        From the ``Content``, a table's name and a key to what a record's JSON says beside the
        record and its history.
    pages : callable or None
        From a ``Renderer`` to further pages of a language.
    files : callable or None
        From the ``Content`` to files that are of no language.
    front : callable or None
        From a ``Renderer`` to what the template of the front page is given beside the usual.
    pictures : callable or None
        From the package to the pictures of its front page.
    guides : Path or None
        A folder of Markdown files: each becomes a page below ``docs/``, ``README.md`` the first
        one, which the foot of every page links to. ``NAME.zh.md`` is ``NAME.md`` in Chinese. They
        may show the PNG files that stand with them.
    """

    folder: Path
    tables: Mapping[str, str] = field(default_factory=dict)
    menu: tuple[str, ...] = ()
    listing: Callable[[Any, str], Any] | None = None
    record: Callable[[Any, Any, Mapping[str, str]], Any] | None = None
    record_json: Callable[[Any, str, str], Mapping[str, Any]] | None = None
    pages: Callable[[Any], Iterator[tuple[str, str | bytes]]] | None = None
    files: Callable[[Any], Iterator[tuple[str, str | bytes]]] | None = None
    front: Callable[[Any], Mapping[str, Any]] | None = None
    pictures: Callable[[Package], tuple[Any, ...]] | None = None
    guides: Path | None = None


@dataclass(frozen=True)
class Extension:
    """What an owner adds to the tool for one package.

    Attributes
    ----------
    package : str
        The name of the package that it serves.
    cell_rules, record_rules : tuple
        Rules in Python. What one record alone can tell is better declared in the Table Schema.
    derived_tables : tuple of DerivedTable
    as_of : AsOf or None
        What ``load(..., as_of=...)`` leaves out.
    documents : Documents or None
        Texts in the package's own documents that are generated from its tables.
    subject : callable or None
        From the package and a way to load its tables to what the metadata standards ask for.
    site : SiteAdditions or None
    suggestions : callable or None
        From the package and a way to load its tables to what ``ycd suggest`` shows.
    """

    package: str
    cell_rules: tuple[CellRule, ...] = ()
    record_rules: tuple[RecordRule, ...] = ()
    derived_tables: tuple[DerivedTable, ...] = ()
    as_of: AsOf | None = None
    documents: Documents | None = None
    subject: Callable[[Package, Load], Subject] | None = None
    site: SiteAdditions | None = None
    suggestions: Callable[[Package, Load], Iterable[Suggestion]] | None = None

    @property
    def has_rules(self) -> bool:
        """Whether there is anything to check beyond what the schemas declare."""
        return bool(self.cell_rules or self.record_rules or self.documents)

    def summary(self) -> Iterator[str]:
        """What it adds, a line a kind."""
        named = [each.name for each in self.cell_rules]
        rules = sorted({*named, *(each.name for each in self.record_rules)})
        kinds = {
            mark("rules"): rules,
            mark("derived tables"): [each.name for each in self.derived_tables],
            mark("generated texts in"): self.documents.paths if self.documents else (),
        }
        for kind, names in kinds.items():
            if names:
                yield say(": ").join((say(kind), ", ".join(names)))
        others = {name: getattr(self, name) for name in ("as_of", "subject", "site", "suggestions")}
        if given := [name for name, value in others.items() if value is not None]:
            yield say("and: {given}", given=", ".join(given))

    def derived_table(self, name: str) -> DerivedTable | None:
        """The derived table of this name, if there is one."""
        return next((each for each in self.derived_tables if each.name == name), None)
