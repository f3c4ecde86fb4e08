"""How cells are made of our records: of names, figures, dates, regions and links."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from ycd_opendata.delta.site.figure_words import figure_words
from ycd_opendata.delta.site.region_order import NOWHERE, Place, region_place
from ycd_opendata.site.listing import Cell, Facet, Listing, ListRow, MadeRows
from ycd_opendata.site.packed_rows import Row, in_order
from ycd_opendata.site.rendering import Renderer
from ycd_opendata.site.wording import Words

SCOREBOARD = "scoreboard"

VERDICTS = ("met", "missed", "not_comparable", "no_outcome", "not_yet_due")

DECIDED = ("met", "missed")

NO_WORDS = (Words(""),)

_MOST_KEPT = 2048

_Kept = TypeVar("_Kept")


@dataclass(frozen=True)
class Spec:
    """A list of the table of its name: what its columns are, and how a row is shown."""

    columns: tuple[str, ...]
    cells: Callable[[Maker, Row], tuple[Cell, ...]]
    facets: Mapping[str, Callable[[Maker, Row], tuple[str, ...]]]
    found_by: Callable[[Maker, Row], Iterator[str]]
    order: Callable[[Maker, Row], Any] | None = None


class Maker:
    """Makes cells and lists of a release in one language; ``maker_of`` gives that of a language."""

    def __init__(self, page: Renderer) -> None:
        self._kept: OrderedDict[tuple[str, str], Any] = OrderedDict()
        self.content = page.content
        self.wording = page.wording
        self.credit = page.credit

    def once(self, kind: str, key: str, make: Callable[[], _Kept]) -> _Kept:
        """What several pages show, made once; what was made long ago is made again."""
        place = kind, key
        if place not in self._kept:
            self._kept[place] = make()
            while len(self._kept) > _MOST_KEPT:  # making one may have made others
                self._kept.popitem(last=False)
        found: _Kept = self._kept[place]
        return found

    def link(self, table: str, key: str) -> str:
        """The page of a record, relative to the folder of the language; "" if there is none."""
        return self.content.record_place(table, key)

    def unit(self, indicator_id: str) -> Row:
        """The unit of an indicator; empty where there is none."""
        row = self.content.row("indicators", indicator_id)
        return self.content.row("units", row.get("unit_id", ""))

    def series(self, indicator_id: str) -> Sequence[Row]:
        """The figures of an indicator, reported and promised, of the table of all series."""
        return self.content.tables["series"].grouped("indicator_id").get(indicator_id, ())

    @cached_property
    def region_counts(self) -> Mapping[str, int]:
        """How many regions each indicator has figures of."""
        grouped = self.content.tables["series"].grouped("indicator_id")
        return {key: len({row["region_id"] for row in rows}) for key, rows in grouped.items()}

    def name(self, table: str, key: str) -> Words:
        """What a record is called on its page and in links to it."""
        row = self.content.row(table, key)
        for stem in ("name", "title"):
            words = self.wording.pair(row, stem)
            if words.text:
                return words
        if row.get("indicator_id"):
            return self.name("indicators", row["indicator_id"])
        return Words(key)

    def named(self, table: str, key: str, linked: bool = False) -> Cell:
        """A cell with the name of another record."""
        row = self.content.row(table, key)
        stem = "title" if table == "sources" else "name"
        words = self.wording.pair(row, stem)
        return Cell((words if words.text else Words(key),), self.link(table, key) if linked else "")

    def category(self, table: str, name: str, value: str) -> Cell:
        """A cell with the label of a category."""

        def made() -> Cell:
            described = self.content.tables[table].resource.field(name)
            return Cell((self.wording.category(described, value) if described else Words(value),))

        return self.once(f"{name} of {table}", value, made)

    def figure(self, row: Row, indicator_id: str) -> Cell:
        """A cell with a figure as it is meant, sorted by its value."""
        if not row.get("value"):
            return Cell(NO_WORDS, kind="figure")
        comparator, value, upper = row["comparator"], row["value"], row["value_upper"]

        def made() -> Cell:
            unit = self.unit(indicator_id)
            words = figure_words(self.wording, comparator, value, upper, unit)
            return Cell(words, kind="figure", order=value)

        # The same figure stands on a dozen pages.
        return self.once("figure", f"{indicator_id} {comparator} {value} {upper}", made)

    def date(self, start: str, end: str = "") -> Cell:
        """A cell with a date or period, sorted by its end."""
        return Cell((Words(self.wording.period(start, end)),), order=end or start)

    def count(self, number: int) -> Cell:
        """A cell with a count."""
        return Cell((Words(self.wording.number(number)),), kind="number", order=str(number))

    def region_values(self, region_id: str) -> tuple[str, ...]:
        """A region and what it is inside, up to the province: a province's filter finds both."""
        return self._and_wider("regions", region_id)

    def field_values(self, domain_id: str) -> tuple[str, ...]:
        """A policy field and those that it is part of: the filter of a wide one finds both."""
        return self._and_wider("domains", domain_id)

    def fields_of_indicator(self, indicator_id: str) -> tuple[str, ...]:
        """The policy field of an indicator and those that it is part of."""
        return self.field_values(self.content.row("indicators", indicator_id).get("domain_id", ""))

    def _and_wider(self, table: str, key: str) -> tuple[str, ...]:
        def made() -> tuple[str, ...]:
            found, wider = list[str](), key
            while wider and wider not in found:
                row = self.content.row(table, wider)
                if found and row.get("level") == "delta":
                    break
                found.append(wider)
                wider = row.get("parent_id", "")
            return (*found,)

        return self.once(f"wider {table}", key, made)

    def region_order(self, region_id: str) -> tuple[Place, ...]:
        """What sorts province by province, officially, each with its cities; no region is last."""

        def made() -> tuple[Place, ...]:
            inside = reversed(self.region_values(region_id))
            return tuple(region_place(self.content, each) for each in inside) or (NOWHERE,)

        return self.once("order of regions", region_id, made)

    def group(self, region_id: str) -> str:
        """The province that a region is in; the delta for the delta."""
        return self.region_values(region_id)[-1] if region_id else ""

    def both_names(self, table: str, key: str) -> Iterator[str]:
        """The names of a record in both languages, to be found by."""
        row = self.content.row(table, key)
        for stem in ("name", "title"):
            yield from (row[f"{stem}_{lang}"] for lang in ("zh", "en") if row.get(f"{stem}_{lang}"))

    def listing(self, name: str, spec: Spec) -> Listing:
        """Make one list."""
        table, order = self.content.tables[name], spec.order
        rows = table.rows if order is None else in_order(table.rows, partial(order, self))
        counts = {facet: Counter[str]() for facet in spec.facets}
        for row in rows:
            for facet, read in spec.facets.items():
                counts[facet].update(filter(None, read(self, row)))

        def made(row: Row) -> ListRow:
            values = tuple(read(self, row) for read in spec.facets.values())
            found_by = " ".join(dict.fromkeys(each for each in spec.found_by(self, row) if each))
            return ListRow(row[table.key], spec.cells(self, row), values, found_by)

        return Listing(
            table,
            Words(self.wording.text(f"listing.{name}")),
            Words(self.wording.text(f"listing.{name}_lead")),
            tuple((each, self.wording.text(f"columns.{each}")) for each in spec.columns),
            tuple(self._facet(facet, found) for facet, found in counts.items()),
            MadeRows(rows, made),
        )

    def _facet(self, name: str, counts: Mapping[str, int]) -> Facet:
        options = [(value, self._option(name, value), number) for value, number in counts.items()]
        order: Callable[[tuple[str, Words, int]], Any]
        if name == "verdict":
            order = lambda option: VERDICTS.index(option[0])  # noqa: E731
        elif name == "region":
            order = lambda option: self.region_order(option[0])  # noqa: E731
        elif name == "field":
            order = lambda option: self.field_values(option[0])[::-1]  # noqa: E731
        else:
            order = lambda option: option[0]  # noqa: E731
        return Facet(name, self.wording.text(f"columns.{name}"), tuple(sorted(options, key=order)))

    def _option(self, name: str, value: str) -> Words:
        if name == "verdict":
            return Words(self.wording.text(f"verdict.{value}"))
        if name in ("region", "field"):
            table = "regions" if name == "region" else "domains"
            [words] = self.named(table, value).words
            return Words("— " * (len(self._and_wider(table, value)) - 1) + words.text, words.lang)
        table = {"event": "dates", "measure": "indicators"}.get(name, "sources")
        return Words(value) if name == "year" else self.category(table, name, value).words[0]


_MAKERS: WeakKeyDictionary[Renderer, Maker] = WeakKeyDictionary()


def maker_of(page: Renderer) -> Maker:
    """What makes the cells of a language, the same one for all its pages."""
    if page not in _MAKERS:
        _MAKERS[page] = Maker(page)
    return _MAKERS[page]
