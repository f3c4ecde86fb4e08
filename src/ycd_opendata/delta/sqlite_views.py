"""The derived tables that SQLite computes itself: ``scoreboard.sql`` and ``series.sql``."""

from __future__ import annotations

from functools import partial
from importlib import resources
from string import Template

from ycd_opendata.delta.verdicts import ABOUT
from ycd_opendata.package.model import Schema


def _view(file: str, schema: Schema, released_on: str) -> str:
    """The statement that creates the view of a derived table."""
    text = resources.files(__package__).joinpath(file).read_text("utf-8")
    return Template(text).substitute(
        about=repr(ABOUT),
        released_on=f"'{released_on}'",
        last_day=_last_day("due_on"),
        first_of_period=_first_day("coalesce(period_start, period_end)"),
        last_of_period=_last_day("period_end"),
        columns=",\n  ".join(_column(schema, each) for each in schema.field_names),
    )


scoreboard_view = partial(_view, "scoreboard.sql")
series_view = partial(_view, "series.sql")


def _column(schema: Schema, name: str) -> str:
    """A column of a view; ``due_on_earliest`` is the first day that ``due_on`` allows."""
    stem, _, end = name.rpartition("_")
    field = schema.field(stem)
    if field is None or not field.is_partial_date:
        return name
    return f"{_first_day(stem) if end == 'earliest' else _last_day(stem)} AS {name}"


def _first_day(name: str) -> str:
    return (
        f"CASE length({name}) WHEN 4 THEN {name} || '-01-01' "
        f"WHEN 7 THEN {name} || '-01' ELSE {name} END"
    )


def _last_day(name: str) -> str:
    return (
        f"CASE length({name}) WHEN 4 THEN {name} || '-12-31' "
        f"WHEN 7 THEN date({name} || '-01', '+1 month', '-1 day') ELSE {name} END"
    )
