"""Primary keys: the columns that tell the records of a table apart.

Many columns of a small table hold no value twice by chance. So a column has to be called like a
key, or to stand where keys stand, and be of a kind that keys are of.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import polars as pl

from ycd_opendata.inferring import words
from ycd_opendata.inferring.tables import Key, Table
from ycd_opendata.messages import say, say_of

_DATED = frozenset({"year", "yearmonth", "date", "datetime"})
_KINDS = _DATED | {"string", "integer"}
_MOST_COMBINED, _MOST_PARTS = 8, 4
_PROSE = 60
_ENOUGH = 5
_OFTEN = 5


def with_key(table: Table) -> Table:
    """The table with its primary key, or with a note on why none is proposed."""
    if table.rows < 2:
        return table
    key = _single(table) or _combined(table)
    if key is not None:
        return replace(table, key=key)
    near = _nearly(table)
    note = near or say(
        "no column tells its records apart, and no few columns together: it has no key"
    )
    return replace(table, notes=(*table.notes, note))


def _single(table: Table) -> Key | None:
    scored = []
    for at, name in enumerate(table.source.labels):
        score = _score(table, at, name)
        if score > 0 and table.is_unique(name):
            scored.append((-score, at, name))
    if not scored:
        return None
    score, _, name = min(scored)
    evidence = say("unique in {rows:,} rows", rows=table.rows)
    doubt = ""
    if -score < _ENOUGH:
        combined = _combined(table, sure_only=True)
        if combined is not None:
            return combined
        doubt = say("it may be unique by chance")
    return Key((name,), evidence, doubt)


def _score(table: Table, at: int, name: str) -> int:
    """How much a column looks like a key before its values are compared; 0 is not at all."""
    notation = table.guesses[name].notation
    if notation.type not in _KINDS or not table.is_full(name):
        return 0
    stem = words.stem(table.called)
    parts = tuple(words.singular(each) for each in words.words(name) if not each.isdigit())
    score = 0
    if words.is_key_name(name):
        score += 6
        if len(parts) == 1 or parts[:-1] == stem[-len(parts) + 1 :]:
            score += 4
        if parts[-1:] == ("id",):
            score += 1
    elif parts and parts == stem[-len(parts) :]:
        score += 5
    score += {0: 3, 1: 1}.get(at, 0)
    if notation.type in _DATED:
        return 5 if at == 0 else 0
    if notation.type == "integer" and not words.is_key_name(name):
        # A measure of few records is easily unique.
        return 1 if at == 0 and _counts_up(table, name) else 0
    if _is_prose(table, name):
        score -= 4
    return score


def _counts_up(table: Table, name: str) -> bool:
    numbers = table.texts(name).str.strip_chars().cast(pl.Int64, strict=False)
    low, high = numbers.min(), numbers.max()
    return isinstance(low, int) and isinstance(high, int) and high - low < 2 * table.rows


def _is_prose(table: Table, name: str) -> bool:
    texts = table.guesses[name].cells.texts.head(200)
    is_long = (texts.str.len_chars() > _PROSE) & texts.str.contains(r"\s|[，。]")
    return bool(is_long.any())


def _combined(table: Table, *, sure_only: bool = False) -> Key | None:
    """The fewest columns that are unique together, those in front first."""
    chosen = [name for at, name in enumerate(table.source.labels) if _may_combine(table, at, name)]
    chosen = chosen[:_MOST_COMBINED]
    for size in range(2, min(len(chosen), _MOST_PARTS) + 1):
        found = [each for each in _by_place(chosen, size) if _is_unique_together(table, each)]
        found = [each for each in found if not sure_only or _is_sure(table, each)]
        if not found:
            continue
        fields = max(found, key=lambda each: _likeness(table, each))
        doubts = []
        if len(found) > 1:
            other = next(each for each in found if each != fields)
            doubts.append(say("{other} are unique together, too", other=say(" and ").join(other)))
        elif not _is_sure(table, fields):
            doubts.append(say("they may be unique together by chance"))
        return Key(
            _with_year(table, fields),
            say("unique together in {rows:,} rows", rows=table.rows),
            say("; ").join(doubts),
        )
    return None


def _with_year(table: Table, fields: tuple[str, ...]) -> tuple[str, ...]:
    """The fields, and the year of a month among them: the next year has that month again."""
    kinds = {each: table.guesses[each].notation.type for each in table.source.labels}
    is_dated = any(kinds[each] in _DATED or words.is_year_name(each) for each in fields)
    if is_dated or not any(map(words.is_within_year_name, fields)):
        return fields
    years = [each for each in kinds if words.is_year_name(each) and table.is_full(each)]
    years = [each for each in years if kinds[each] in ("integer", "year")][:1]
    return tuple(each for each in kinds if each in (*fields, *years))


def _by_place(names: list[str], size: int) -> list[tuple[str, ...]]:
    places = sorted(combinations(range(len(names)), size), key=lambda each: (sum(each), each))
    return [tuple(names[at] for at in each) for each in places]


def _may_combine(table: Table, at: int, name: str) -> bool:
    kind = table.guesses[name].notation.type
    if kind not in _KINDS or not table.is_full(name) or _is_prose(table, name):
        return False
    if kind in ("integer", "string") and _distinct(table, name) < 2:
        return False
    if kind == "integer":
        is_again = _distinct(table, name) * _OFTEN <= table.rows
        return at < 2 or is_again or words.is_key_name(name) or words.is_ordinal_name(name)
    return True


def _distinct(table: Table, name: str) -> int:
    cells = table.guesses[name].cells
    return cells.texts.len() if cells.counts is not None else table.rows


def _is_unique_together(table: Table, fields: tuple[str, ...]) -> bool:
    most = 1
    for each in fields:
        most *= _distinct(table, each)
    if most < table.rows:
        return False
    frame = table.frame(fields)
    if frame.head(1000).is_duplicated().any():
        return False
    return frame.n_unique() == table.rows


def _is_sure(table: Table, fields: tuple[str, ...]) -> bool:
    """Whether each part is called or typed like a part of a key, and none is unique alone."""
    return all(_is_part(table, each) for each in fields) and not any(map(table.is_unique, fields))


def _is_part(table: Table, name: str) -> bool:
    return (
        words.is_key_name(name)
        or words.is_ordinal_name(name)
        or words.is_year_name(name)
        or table.guesses[name].notation.type in _DATED
        or _distinct(table, name) * 2 <= table.rows
    )


def _likeness(table: Table, fields: tuple[str, ...]) -> tuple[int, int]:
    labels = table.source.labels
    parts = sum(
        2 * words.is_key_name(each)
        + (words.is_ordinal_name(each) or words.is_year_name(each))
        + _is_part(table, each)
        for each in fields
    )
    return parts, -sum(labels.index(each) for each in fields)


def _nearly(table: Table) -> str:
    """A word on a column that is called like a key and has values twice, or none."""
    for name in table.source.labels[:2]:
        cells = table.guesses[name].cells
        distinct = cells.distinct.len()
        is_near = cells.filled and table.rows * 0.9 <= distinct < table.rows
        if not is_near or not words.is_key_name(name):
            continue
        said = []
        if cells.empty:
            said.append(
                say_of(
                    cells.empty, "{number} cell of it is empty", "{number} cells of it are empty"
                )
            )
        if twice := cells.filled - distinct:
            said.append(
                say_of(
                    twice, "{number} value of it stand again", "{number} values of it stand again"
                )
            )
        reasons = say(" and ").join(said)
        return say("{name} looks like a key, but {said}", name=name, said=reasons)
    return ""
