"""Foreign keys: columns whose values all stand in a key of a table.

Small numbers stand in many columns by chance, so numbers have to be called like what they refer
to; texts may speak for themselves, with a doubt. What may refer to what is found by the words of
their names.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import polars as pl

from ycd_opendata.inferring import words
from ycd_opendata.inferring.guess import TEXT
from ycd_opendata.inferring.tables import Reference, Table
from ycd_opendata.messages import mark, say, say_of

_GENERIC = frozenset({"id", "code", "key", "name", "uuid", "nr", "no", "number", "date", "year"})
_SURE, _LIKELY, _BY_VALUES = 3, 2, 1
_MOSTLY = 0.9
_FEW = 3


def with_references(tables: Sequence[Table]) -> list[Table]:
    """The tables with the foreign keys between them; types follow what they refer to."""
    targets = Targets([each for table in tables for each in _targets(table)])
    found: dict[str, list[Reference]] = {each.name: [] for each in tables}
    by_name = {each.name: each for each in tables}
    for table in tables:
        found[table.name] += _combined(table, tables)
        taken = {name for each in found[table.name] for name in each.fields}
        for name in table.source.labels:
            if name not in taken:
                best = _best(table, name, targets)
                if isinstance(best, Reference):
                    found[table.name].append(best)
                elif best:
                    noted = by_name[table.name]
                    by_name[table.name] = replace(noted, notes=(*noted.notes, best))
    kept = _without_circles(found, by_name)
    return [
        _settled(replace(by_name[each.name], references=kept[each.name]), by_name)
        for each in tables
    ]


def _targets(table: Table) -> Iterator[Target]:
    for at, name in enumerate(table.source.labels):
        if table.guesses[name].notation.type not in ("string", "integer"):
            continue
        is_key = table.key is not None and table.key.fields == (name,)
        may_be = is_key or at < _FEW or words.is_key_name(name)
        if is_key or (may_be and table.rows > 1 and table.is_unique(name)):
            yield Target(table, name)


def _best(table: Table, name: str, targets: Targets) -> Reference | str:
    """The likeliest reference of a column; a word on one that nearly holds; or "" """
    cells = table.guesses[name].cells
    column = Column(table, name)
    possible = [
        (each, likeness)
        for each in targets.for_column(column)
        if (likeness := _likeness_by_name(column, each)) is not None
        and (likeness or _speak_for_themselves(column, each))
        and _may_stand(column.sample, each)
    ]
    if not possible or not cells.filled:
        return ""
    values, ranked, near = cells.distinct, [], ""
    for target, likeness in possible:
        known = values.is_in(target.values.implode())
        # One value stands in some table by chance, whatever the rows that have it.
        if known.all() and (values.len() > 1 or likeness == _SURE):
            ranked.append((likeness or _BY_VALUES, target.is_key, -target.table.rows, target))
        elif likeness == _SURE and int(known.sum()) >= known.len() * _MOSTLY:
            near = _near(name, target, values.filter(~known))
    if not ranked:
        return near
    likeness, _, _, target = max(ranked, key=lambda each: each[:3])
    where = target.table.name
    template = mark("all {len:,} values stand in {name}.{field}")
    if values.len() == 1:
        template = mark("its one value stands in {name}.{field}")
    evidence = say(template, len=values.len(), name=where, field=target.field)
    only = mark("only its values say that {name} refers to {name_2}")
    doubt = say(only, name=name, name_2=where) if likeness == _BY_VALUES else ""
    return Reference(table.name, (name,), where, (target.field,), evidence, doubt)


def _likeness_by_name(column: Column, target: Target) -> int | None:
    """How much a column is called like a reference to a target; None if it cannot be one."""
    kinds = (column.family, target.family)
    is_itself = (target.table.name, target.field) == (column.table.name, column.name)
    if is_itself or (kinds != ("number", "text") and kinds[0] != kinds[1]):
        return None
    likeness = _likeness(column, target)
    return likeness if likeness or kinds == ("text", "text") else None


def _near(name: str, target: Target, gone: pl.Series) -> str:
    shown = ", ".join(repr(each) for each in gone.sort().head(_FEW).to_list())
    where = f"{target.table.name}.{target.field}"
    there = say_of(
        gone.len(),
        "{number} value such as {shown} is not",
        "{number} values such as {shown} are not",
        shown=shown,
    )
    template = mark(
        "{name} looks like a reference to {where}, where {there}: mend it, and add the key"
    )
    return say(template, name=name, where=where, there=there)


def _likeness(column: Column, target: Target) -> int:
    """How much the name of a column says that it refers to a target."""
    own, stem, key, name = column.words, target.stem, target.key, column.name
    if not own or not stem:
        return 0
    if target.table.name == column.table.name:
        return _likeness_within(own, key, name)
    is_within = target.called in name or (target.is_chinese and target.field in name)
    if target.words.isdisjoint(own):
        return _LIKELY if is_within else 0
    if name == target.field and not {*own} <= _GENERIC:
        return _SURE
    for whole in (stem, stem[-1:]):
        ends = ((*whole, *key), (*whole, *key[-1:]))
        if own == whole or any(own[-len(each) :] == each for each in ends):
            return _SURE
        if {*whole} <= {*own} and (own[-1:] == key[-1:] or own[-len(whole) :] == whole):
            return _LIKELY
    if own == key and not {*key} <= _GENERIC:
        return _SURE
    is_longer = len(key) > 1 and own[-len(key) :] == key
    return _LIKELY if is_longer or is_within else 0


def _likeness_within(own: tuple[str, ...], key: tuple[str, ...], name: str) -> int:
    """The same for another record of the same table: parent_id, reports_to, superseded_by."""
    if {*own} & words.OF_ANOTHER or name.startswith(("上级", "父")):
        return _SURE
    is_other = len(own) > 1 and own[-1:] == key[-1:] == ("id",) and own != key
    return _LIKELY if is_other else 0


def _may_stand(sample: Sequence[str], target: Target) -> bool:
    """Whether a column's first cells, in order, lie where a target's values do: a look ahead."""
    low, high = target.bounds
    return bisect_right(sample, high) - bisect_left(sample, low) >= len(sample) * _MOSTLY


def _speak_for_themselves(column: Column, target: Target) -> bool:
    """Whether texts that all stand in a key are a reference, whatever the column is called."""
    if not column.values_that_speak or target.table.name == column.table.name:
        return False
    return target.is_key and column.values_that_speak * 3 >= target.table.rows


def _combined(table: Table, tables: Sequence[Table]) -> Iterator[Reference]:
    """References to keys of several columns, by columns of the same names."""
    for target in tables:
        key = target.key
        if key is None or len(key.fields) < 2 or target.name == table.name:
            continue
        is_there = {*key.fields} <= {*table.source.labels} and all(map(table.is_full, key.fields))
        has_same = table.key is not None and table.key.fields == key.fields
        if not is_there or (has_same and table.rows >= target.rows):
            continue
        own = table.frame(key.fields).unique()
        if (
            own.height < 2
            or own.join(target.frame(key.fields), on=list(key.fields), how="anti").height
        ):
            continue
        template = mark("all {height:,} of them stand in {target} ({shown})")
        shown = ", ".join(key.fields)
        evidence = say(template, height=own.height, target=target.name, shown=shown)
        yield Reference(table.name, key.fields, target.name, key.fields, evidence)


def _without_circles(
    found: Mapping[str, list[Reference]], tables: Mapping[str, Table]
) -> dict[str, tuple[Reference, ...]]:
    """References without those that lead back: of two tables with the same keys, one refers."""
    pairs = {
        (each.table, each.fields, each.target, each.target_fields)
        for some in found.values()
        for each in some
    }

    def is_kept(each: Reference) -> bool:
        back = (each.target, each.target_fields, each.table, each.fields)
        return back not in pairs or each.table == each.target or _leads(each, tables)

    return {name: tuple(filter(is_kept, some)) for name, some in found.items()}


def _leads(reference: Reference, tables: Mapping[str, Table]) -> bool:
    """Whether of two tables that refer to each other this one is the one that refers."""
    parts = {words.singular(part) for field in reference.fields for part in words.words(field)}
    here, there = (
        {*words.stem(tables[each].called)} for each in (reference.table, reference.target)
    )
    if len(there - parts) != len(here - parts):
        return len(there - parts) < len(here - parts)
    order = list(tables)
    return order.index(reference.target) < order.index(reference.table)


def _settled(table: Table, tables: Mapping[str, Table]) -> Table:
    """A table whose referring columns have the type of what they refer to."""
    for reference in table.references:
        for own, other in zip(reference.fields, reference.target_fields, strict=True):
            mine, theirs = table.guesses[own], tables[reference.target].guesses[other]
            is_text = theirs.notation.type == "string" and mine.cells.kind == "text"
            if is_text and mine.notation.type != "string":
                says = say("text, as {target}.{other} is", target=reference.target, other=other)
                table = table.with_guess(own, mine.read_as(TEXT, says))
    return table


_FAMILIES = {
    "string": "text",
    "integer": "number",
    "year": "number",
    "date": "date",
    "yearmonth": "yearmonth",
}
"""The types that keys are of, and which of them can be equal."""
_SAMPLE = 200


class Target:
    """A unique column that others may refer to, and what their names are held against.

    ``called`` is what people call its table, ``stem`` the words of that, ``key`` those of its own
    name. Where ``is_chinese`` holds, that has no spaces and may stand within another name.
    """

    def __init__(self, table: Table, field: str) -> None:
        guess = table.guesses[field]
        self.table, self.field, self.called = table, field, table.called
        self.family = _FAMILIES[guess.notation.type]
        self.values: pl.Series = guess.cells.texts
        self.is_key = table.key is not None and table.key.fields == (field,)
        self.stem = words.stem(self.called)
        self.key = words.stem(field)
        self.words = frozenset((*self.stem, *self.key))
        self.is_chinese = not field.isascii() and len(field) > 1

    @cached_property
    def bounds(self) -> tuple[str, str]:
        """The first and the last of the values as texts sort."""
        return str(self.values.min()), str(self.values.max())


class Column:
    """A column that may refer to others: the words of its name, and its first cells in order.

    ``values_that_speak`` is how many texts it has, if they repeat: they may be a reference
    whatever it is called.
    """

    def __init__(self, table: Table, name: str) -> None:
        guess = table.guesses[name]
        self.table, self.name = table, name
        self.family = _FAMILIES.get(guess.notation.type, "")
        self.words = words.stem(name)
        self.sample = sorted(guess.cells.texts.head(_SAMPLE).to_list())
        number = 0
        if guess.notation.type == "string" and not table.is_unique(name):
            number = guess.cells.distinct.len()
        self.values_that_speak = number if number >= _FEW else 0


class Targets:
    """The targets, found by what a column that refers to them may have in common with them."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self._targets = targets
        self._keys = [at for at, each in enumerate(targets) if each.is_key]
        self._by_word: dict[str, list[int]] = {}
        self._by_table: dict[str, list[int]] = {}
        self._by_part: dict[str, list[int]] = {}
        for at, each in enumerate(targets):
            for word in each.words:
                self._by_word.setdefault(word, []).append(at)
            self._by_table.setdefault(each.table.name, []).append(at)
            self._by_part.setdefault(each.called, []).append(at)
            if each.is_chinese:
                self._by_part.setdefault(each.field, []).append(at)

    def for_column(self, column: Column) -> Iterator[Target]:
        """Those that the column may refer to by its name or its values, in order."""
        found = {*self._by_table.get(column.table.name, ())}
        for word in column.words:
            found.update(self._by_word.get(word, ()))
        for part, places in self._by_part.items():
            if part in column.name:
                found.update(places)
        if column.values_that_speak:
            found.update(self._keys)
        return (self._targets[at] for at in sorted(found))
