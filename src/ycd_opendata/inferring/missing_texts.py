"""Which texts stand for no value in the whole of a table, and what keeps them from it."""

from __future__ import annotations

from collections import Counter

from ycd_opendata.inferring import words
from ycd_opendata.inferring.cells import cells_of
from ycd_opendata.inferring.guess import ANYTHING, TEXT, Guess
from ycd_opendata.inferring.tables import Table
from ycd_opendata.messages import counted, say, say_of


def shared_missing(table: Table) -> list[str]:
    """The texts that stand for no value in the whole table.

    One that another column has as a text of its own is left to the columns that miss it.
    """
    candidates: Counter[str] = Counter()
    for found in table.guesses.values():
        candidates.update(dict(found.missing))
    every = table.guesses.values()
    return [text for text in candidates if all(_may_miss(found, text) for found in every)]


def _may_miss(found: Guess, text: str) -> bool:
    """Whether a text can be missing in a column: it has none, or none that says anything."""
    if text in dict(found.missing) or not (found.cells.texts == text).any():
        return True
    if found.is_literal or found.notation.type != "string" or text not in words.SURELY_MISSING:
        return False
    # NA among codes of two letters is Namibia.
    others = found.cells.texts.filter(found.cells.texts != text).head(200)
    is_code = others.len() > 0 and bool((others.str.len_chars() == len(text)).all())
    return not is_code


def with_shared_missing(table: Table) -> Table:
    """The table whose columns of text lack what is missing elsewhere in it, too."""
    for text in shared_missing(table):
        for name, found in table.guesses.items():
            number = found.cells.count(found.cells.texts == text)
            if number and text not in dict(found.missing):
                size = counted(number, "cell")
                says = say("{text!r} is missing in {size}, as elsewhere", text=text, size=size)
                table = table.with_guess(name, found.lacking([text], says))
    return table


def without_empty_records(table: Table) -> Table:
    """The table read so that no record has nothing but missing values, which is an error.

    Texts that stand for nothing are then texts of their own in some of the columns.
    """
    import polars as pl

    # A text that is missing in one column may be so in others, too.
    every = list({text for each in table.guesses.values() for text, _ in each.missing})
    if not every:
        return table
    cells = {name: table.texts(name, keep=True).fill_null("") for name in table.guesses}
    frame = pl.DataFrame([each.alias(name) for name, each in cells.items()])
    left = frame.filter(pl.all_horizontal((pl.all() == "") | pl.all().is_in(every)))
    while left.height:
        filled = left.select((pl.all() != "").sum()).row(0, named=True)
        name = max(filled, key=lambda each: (filled[each], -table.source.labels.index(each)))
        if not filled[name]:
            return table
        table = table.with_guess(name, _literal(table, name, filled[name]))
        left = left.filter(pl.col(name) == "")
    return table


def _literal(table: Table, name: str, number: int) -> Guess:
    """A column that keeps what stands for a missing value elsewhere."""
    column = table.source.cells[str(table.source.labels.index(name))]
    is_text = not table.source.is_typed and not isinstance(column, list)
    doubt = say_of(
        number,
        "{number} record has nothing but what stands for a missing value, so it stays text",
        "{number} records have nothing but what stands for a missing value, so it stays text",
    )
    readings = (TEXT if is_text else ANYTHING,)
    return Guess(cells_of(name, column), readings, doubts=(doubt,), is_literal=True)
