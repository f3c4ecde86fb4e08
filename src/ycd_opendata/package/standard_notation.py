"""How the standard writes a value, and what becomes of one that is written in another way.

frictionless reads more than the standard writes: ``1_000``, full-width digits, white space around
a number, ``2022-1-5``. Other software refuses it. ``notation`` says what is lawful for a field;
``canonical_column`` gives the cells of a column as a release has them, for every format.

A sign and leading zeros are lawful (XML Schema has them), so that ``007`` is left alone: whoever
declares codes as integers is not to lose their zeros in silence on top of it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from ycd_opendata.package.model import Field

if TYPE_CHECKING:
    import polars as pl

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
_DECIMAL = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_JSON_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_MEMBER = rf'\s*"(?:lon|lat)"\s*:\s*{_JSON_NUMBER}\s*'
# Only NaN and Infinity, which are no JSON, have these letters outside of quotes.
_JSON = r'(?s:(?:[^"NI]|"(?:[^"\\]|\\.)*")*)'
_SECONDS = r"[0-9]+(?:\.[0-9]+)?S"
_DAYS = "(?:[0-9]+Y(?:[0-9]+M)?(?:[0-9]+D)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)"
_TIMES = f"T(?:[0-9]+H(?:[0-9]+M)?(?:{_SECONDS})?|[0-9]+M(?:{_SECONDS})?|{_SECONDS})"
_AROUND = re.compile(r"([^-\d]*)(.*?)(\D*)", re.DOTALL)
_INFINITE = {"infinity": "INF", "+infinity": "INF", "+inf": "INF", "-infinity": "-INF"}

Rewrite = Callable[[str], str | None]


@dataclass(frozen=True)
class Notation:
    """How a field's values are written: ``pattern`` matches all of a lawful cell.

    It means the same to Python and to Rust.
    """

    pattern: str
    rewrite: Rewrite

    def is_lawful(self, text: str) -> bool:
        """Whether a cell that has a value is written as the standard writes it."""
        return bool(_compiled(self.pattern).fullmatch(text))

    def canonical(self, text: str) -> str | None:
        """An odd cell as the standard writes its value; None where there is no such text."""
        try:
            written = self.rewrite(text)
        except (ValueError, ArithmeticError):
            return None
        return written if written is not None and self.is_lawful(written) else None


def notation(field: Field) -> Notation | None:
    """How the values of a field are written, None where any text is as good as another."""
    of_type = _NOTATIONS.get((field.type, field.format))
    return of_type(field) if callable(of_type) else of_type


def canonical_column(cells: pl.Series, field: Field, missing: Collection[str]) -> pl.Series:
    """The valid cells of a column, as texts, in the standard's notation.

    Cells that are missing (null, or one of the texts ``missing``) stay as they are, and so does
    a cell that no notation of the standard has, or one that would become a missing one.
    """
    import polars as pl

    written = notation(field)
    if written is None:
        return cells
    is_odd = ~cells.str.contains(f"^(?:{written.pattern})$")
    odd = cells.filter(is_odd.fill_null(value=False)).unique().to_list()
    canonical = {
        text: better
        for text in odd
        if text not in missing
        and (better := written.canonical(text)) is not None
        and better not in missing
    }
    if not canonical:
        return cells
    return cells.replace(
        pl.Series([*canonical], dtype=pl.String), pl.Series([*canonical.values()], dtype=pl.String)
    )


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _integer(field: Field) -> Notation:
    group = _group(field)
    pattern = "[+-]?[0-9]+" + (f"(?:{re.escape(group)}[0-9]+)*" if group else "")
    return _counted(field, pattern, group)


def _number(field: Field) -> Notation:
    group, point = _group(field), re.escape(str(field.raw.get("decimalChar", ".")))
    whole = "[0-9]+" + (f"(?:{re.escape(group)}[0-9]+)*" if group else "")
    digits = f"[+-]?(?:{whole}(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]+)?"
    return _counted(field, f"(?:{digits}|(?i:nan|-?inf))", group)


def _counted(field: Field, pattern: str, group: str) -> Notation:
    """The notation of numbers; if they need not be bare, with what stands around them."""
    lawful = _compiled(pattern)
    is_bare = field.raw.get("bareNumber", True) is not False

    def digits(text: str) -> str | None:
        plain = _plain(text, keep=group)
        if not lawful.fullmatch(plain) and group:
            plain = plain.replace(group, "")
        return plain

    def around(text: str) -> str | None:
        found = _AROUND.fullmatch(text)
        if found is None:
            return None
        before, core, after = found.groups()
        return f"{before}{digits(core)}{after}"

    if is_bare:
        return Notation(pattern, digits)
    return Notation(rf"[^\d-]*{pattern}\D*", around)


def _group(field: Field) -> str:
    return str(field.raw.get("groupChar") or "")


def _plain(text: str, keep: str = "") -> str:
    """A number in ASCII digits, without white space around it and underscores in it."""
    text = text.strip()
    if keep != "_":
        text = text.replace("_", "")
    text = "".join(
        str(unicodedata.decimal(each)) if each.isdecimal() and not each.isascii() else each
        for each in text
    )
    known = _INFINITE.get(text.lower(), text)
    return "NaN" if re.fullmatch(r"(?i)[+-]?s?nan[0-9]*", known) else known


def _day(text: str) -> str:
    return datetime.strptime(text, "%Y-%m-%d").date().isoformat()


def _moment(text: str) -> str:
    from dateutil.parser import isoparse

    moment: datetime = isoparse(text)
    return moment.isoformat().replace("+00:00", "Z")


def _clock(text: str) -> str:
    return _moment(f"2000-01-01T{text}").partition("T")[2]


def _month(text: str) -> str:
    year, month = map(int, text.split("-"))
    return f"{year:04}-{month:02}"


def _duration(text: str) -> str:
    import isodate  # type: ignore[import-untyped]

    written: str = isodate.duration_isoformat(isodate.parse_duration(text))
    return written


def _point_array(text: str) -> str:
    return f"[{', '.join(_plain(str(each)) for each in json.loads(text))}]"


def _point_object(text: str) -> str:
    members = [f'"{name}": {_plain(str(each))}' for name, each in json.loads(text).items()]
    return "{" + ", ".join(members) + "}"


def _list(field: Field) -> Notation | None:
    delimiter = str(field.raw.get("delimiter", ","))
    of_items = notation(field.of_items)
    if of_items is None or not delimiter:
        return None

    def rewrite(text: str) -> str | None:
        items = text.split(delimiter)
        written = [each if of_items.is_lawful(each) else of_items.canonical(each) for each in items]
        known = [each for each in written if each is not None]
        return delimiter.join(known) if len(known) == len(items) else None

    item = f"(?:{of_items.pattern})"
    return Notation(f"{item}(?:{re.escape(delimiter)}{item})*", rewrite)


# What stands for no number in JSON is its author's to say.
_JSON_TEXT = Notation(_JSON, lambda _: None)
_NOTATIONS: Mapping[tuple[str, str], Notation | Callable[[Field], Notation | None]] = {
    ("array", "default"): _JSON_TEXT,
    ("date", "default"): Notation(_DAY, _day),
    ("datetime", "default"): Notation(f"{_DAY}T{_CLOCK}", _moment),
    ("duration", "default"): Notation(f"-?P(?:{_DAYS}(?:{_TIMES})?|{_TIMES})", _duration),
    ("geojson", "default"): _JSON_TEXT,
    ("geojson", "topojson"): _JSON_TEXT,
    ("geopoint", "default"): Notation(
        f"{_DECIMAL}, ?{_DECIMAL}", lambda text: ",".join(map(_plain, text.split(",")))
    ),
    ("geopoint", "array"): Notation(
        rf"\s*\[\s*{_JSON_NUMBER}\s*,\s*{_JSON_NUMBER}\s*\]\s*", _point_array
    ),
    ("geopoint", "object"): Notation(rf"\s*\{{{_MEMBER},{_MEMBER}\}}\s*", _point_object),
    ("integer", "default"): _integer,
    ("list", "default"): _list,
    ("number", "default"): _number,
    ("object", "default"): _JSON_TEXT,
    ("time", "default"): Notation(_CLOCK, _clock),
    ("year", "default"): Notation("[0-9]{4}", lambda text: f"{int(text):04}"),
    ("yearmonth", "default"): Notation("[0-9]{4,}-[0-9]{2}", _month),
}
"""By type and format. The value of a string is its text, and a format of the owner's is his."""
