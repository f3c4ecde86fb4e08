"""The notations that a column of texts may be in: each with what tells its cells from others.

A notation is a type of the Table Schema standard with the properties that say how it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Any

import polars as pl

from ycd_opendata.messages import mark, say


@dataclass(frozen=True)
class Notation:
    """One way to read a column: a type and its properties.

    A cell is in it if the whole of it matches ``shape`` and, where there is a ``day``, if that
    format makes a day of the calendar out of the first group. ``template`` completes "every cell
    is"; the format that it names is among the properties.
    """

    type: str
    shape: str
    template: str
    properties: Mapping[str, Any] = field(default_factory=dict)
    day: str = ""

    @property
    def says(self) -> str:
        """What every cell is, in words."""
        if "{format}" not in self.template:  # it may be cells as they are, with any braces
            return say(self.template)
        return say(self.template, format=self.properties.get("format", self.day or "%H:%M:%S"))

    def looks_like(self, text: str) -> bool:
        """Whether a single text has the shape; days of no calendar have it too."""
        return _compiled(self.shape).fullmatch(text) is not None

    def looks_like_most(self, texts: Sequence[str]) -> bool:
        """Whether more than half of some texts have the shape; it ends as soon as that is lost."""
        match, left = _compiled(self.shape).fullmatch, (len(texts) + 1) // 2
        for text in texts:
            if match(text) is None:
                left -= 1
                if not left:
                    return False
        return bool(texts)

    def fits(self, cell: pl.Expr) -> pl.Expr:
        """Whether a cell is in this notation; never null."""
        if not self.day:
            return cell.str.contains(f"^(?:{self.shape})$")
        day = cell.str.extract(f"^{self.shape}$", 1)
        return day.str.to_date(self.day, strict=False).is_not_null()


@cache
def _compiled(shape: str) -> re.Pattern[str]:
    return re.compile(shape)


BOOLEAN_WORDS = (
    ("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"), ("on", "off"), ("ja", "nein"),
    ("j", "n"), ("oui", "non"), ("si", "no"), ("sí", "no"), ("sim", "não"), ("wahr", "falsch"),
    ("vrai", "faux"), ("verdadero", "falso"), ("是", "否"), ("有", "无"), ("对", "错"),
    ("真", "假"), ("✓", "✗"),
)  # fmt: skip
"""What people write for true and false, without regard to capitals."""

WHOLE = Notation("integer", r"\s*[+-]?(?:0|[1-9][0-9]{0,17})\s*", mark("a whole number"))
NUMBER = Notation(
    "number", r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?\s*", mark("a number")
)
LEADING_ZERO = r"^[+-]?0[0-9]+$"

_SPACES = (" ", "\u00a0", "\u202f", "\u2009")
_PUNCTUATIONS = (
    ("", ","),
    (",", "."),
    (".", ","),
    *((space, ",") for space in _SPACES),
    *((space, ".") for space in _SPACES),
    ("'", "."),
    ("’", "."),
    ("'", ","),
)
"""Group and decimal characters of numbers that are not written as the standard writes them."""

_MONEY = r"[$€£¥₹₽₩฿]|(?:US|R|A|C|NZ|HK|NT)\$|EUR|USD|GBP|CHF|CNY|RMB|JPY|SEK|NOK|DKK|PLN|元|kr"
_AFFIX_BEFORE = re.compile(rf"(?:{_MONEY}|[~≈]) ?")
_AFFIX_BEHIND = re.compile(
    rf" ?(?:[%‰]|°[CF]?|{_MONEY}|[kcmµn]?[mgslLW]|km/h|m/s|[kMG]Wh?|[kM]?Hz|h|min|mm²|[kc]?m[²³23]"
    r"|ha|°|ppm|t|pcs|元|万元|亿元|万|亿|人|公里|米|吨|岁|小时|分钟|天|年|个)"
)
_INSIDE_AFFIXES = re.compile(
    r"([^0-9+\-.,()]*)(-?[0-9][0-9.,'\u2019 \u00a0\u202f\u2009]*?)([^0-9]*)"
)


def punctuated(type_: str, group: str, point: str, affixes: tuple[str, str] | None) -> Notation:
    """Numbers with group and decimal characters of their own, and with something around them."""
    before, behind = (re.escape(each) for each in affixes or ("", ""))
    some, dot = re.escape(group), re.escape(point)
    whole = rf"(?:[1-9][0-9]{{0,2}}(?:{some}[0-9]{{3}})+|[0-9]{{1,3}})" if group else "[0-9]+"
    rest = f"(?:{dot}[0-9]+)?" if type_ == "number" else ""
    properties: dict[str, Any] = {}
    said = []
    if point != "." and type_ == "number":
        properties["decimalChar"] = point
        said.append(say("with {point!r} before the decimals", point=point))
    if group:
        properties["groupChar"] = group
        said.append(say("with {group!r} between groups of digits", group=group))
    if affixes:
        properties["bareNumber"] = False
        said.append(say("with {affixes!r} around it", affixes="".join(affixes).strip()))
    what = say("a number") if type_ == "number" else say("a whole number")
    for each in said:
        what = say("{what} {how}", what=what, how=each)
    shape = f"(?:{before})?[+-]?{whole}{rest}(?:{behind})?"
    return Notation(type_, shape, what, properties)


def affixes_of(sample: Sequence[str]) -> tuple[str, str] | None:
    """What stands before and behind the number in each of some cells, if it is one thing."""
    found = set()
    for cell in sample:
        match = _INSIDE_AFFIXES.fullmatch(cell)
        if match is None:
            return None
        found.add((match[1], match[3]))
    for before, behind in found:
        if before and not _AFFIX_BEFORE.fullmatch(before):
            return None
        if behind and not _AFFIX_BEHIND.fullmatch(behind):
            return None
    befores, behinds = ({each[at] for each in found} - {""} for at in (0, 1))
    if len(befores) + len(behinds) != 1 or len(found) > 2:
        return None
    return next(iter(befores), ""), next(iter(behinds), "")


def number_notations(sample: Sequence[str]) -> Iterator[Notation]:
    """Notations of numbers that are not plain; several may fit the same cells."""
    affixes = affixes_of(sample)
    if affixes is not None:
        yield punctuated("integer", "", ".", affixes)
        yield punctuated("number", "", ".", affixes)
    for group, point in _PUNCTUATIONS:
        if any((group or point) in each for each in sample):
            yield punctuated("number", group, point, affixes)


_CLOCKS = (
    ("%H:%M:%S", "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"),
    ("%H:%M", "(?:[01]?[0-9]|2[0-3]):[0-5][0-9]"),
    ("%H:%M:%S.%f", r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{1,6}"),
    ("%H:%M:%S%z", "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:Z|[+-][0-9]{2}:?[0-9]{2})"),
    ("%I:%M %p", "(?:0?[1-9]|1[0-2]):[0-5][0-9] [AaPp][Mm]"),
    ("%I:%M:%S %p", "(?:0?[1-9]|1[0-2]):[0-5][0-9]:[0-5][0-9] [AaPp][Mm]"),
)
_MONTH_NAMES = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
)
_SHORT_MONTHS = "|".join(each[:3] for each in _MONTH_NAMES.split("|"))
_DAY, _YEAR = "[0-9]{1,2}", "[0-9]{4}"
_DAYS = (
    ("%Y-%m-%d", "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"),
    ("%Y/%m/%d", "[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}"),
    ("%Y.%m.%d", r"[0-9]{4}\.[0-9]{1,2}\.[0-9]{1,2}"),
    ("%Y年%m月%d日", "[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日"),
    ("%d.%m.%Y", rf"{_DAY}\.{_DAY}\.{_YEAR}"),
    ("%d/%m/%Y", f"{_DAY}/{_DAY}/{_YEAR}"),
    ("%m/%d/%Y", f"{_DAY}/{_DAY}/{_YEAR}"),
    ("%d-%m-%Y", f"{_DAY}-{_DAY}-{_YEAR}"),
    ("%m-%d-%Y", f"{_DAY}-{_DAY}-{_YEAR}"),
    ("%d.%m.%y", rf"{_DAY}\.{_DAY}\.[0-9]{{2}}"),
    ("%d/%m/%y", f"{_DAY}/{_DAY}/[0-9]{{2}}"),
    ("%m/%d/%y", f"{_DAY}/{_DAY}/[0-9]{{2}}"),
    ("%d %b %Y", f"{_DAY} (?i:{_SHORT_MONTHS}) {_YEAR}"),
    ("%d-%b-%Y", f"{_DAY}-(?i:{_SHORT_MONTHS})-{_YEAR}"),
    ("%d-%b-%y", f"{_DAY}-(?i:{_SHORT_MONTHS})-[0-9]{{2}}"),
    ("%d %B %Y", f"{_DAY} (?i:{_MONTH_NAMES}) {_YEAR}"),
    ("%b %d %Y", f"(?i:{_SHORT_MONTHS}) {_DAY} {_YEAR}"),
    ("%B %d %Y", f"(?i:{_MONTH_NAMES}) {_DAY} {_YEAR}"),
    ("%b %d, %Y", f"(?i:{_SHORT_MONTHS}) {_DAY}, {_YEAR}"),
    ("%B %d, %Y", f"(?i:{_MONTH_NAMES}) {_DAY}, {_YEAR}"),
)
DEFAULT_DAY = "%Y-%m-%d"


def _moment_notations() -> Iterator[Notation]:
    zone = "(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
    clock = rf"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{{1,6}})?{zone}"
    standard = f"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})T{clock}"
    yield Notation("datetime", standard, mark("a moment as ISO 8601 has it"), {}, DEFAULT_DAY)
    says = mark("a moment as {format}")
    for (day, day_shape), (time, time_shape) in product(_DAYS, _CLOCKS):
        for between in (" ", "T") if day == DEFAULT_DAY else (" ",):
            shape, format_ = f"({day_shape}){between}{time_shape}", f"{day}{between}{time}"
            yield Notation("datetime", shape, says, {"format": format_}, day)


DAYS = tuple(
    Notation(
        "date",
        f"({shape})",
        mark("a day as {format}"),
        {} if day == DEFAULT_DAY else {"format": day},
        day,
    )
    for day, shape in _DAYS
)
MOMENTS = tuple(_moment_notations())
COMPACT_DAY = Notation(
    "date", "((?:19|20)[0-9]{6})", mark("a day as {format}"), {"format": "%Y%m%d"}, "%Y%m%d"
)
TIMES = tuple(
    Notation(
        "time",
        shape,
        mark("a time of day as {format}"),
        {} if format_ == "%H:%M:%S" else {"format": format_},
    )
    for format_, shape in _CLOCKS
)
YEAR = Notation("year", "(?:1[0-9]{3}|20[0-9]{2}|2100)", mark("a year"))
YEARMONTH = Notation("yearmonth", "[0-9]{4}-(?:0[1-9]|1[0-2])", mark("a month as YYYY-MM"))
MONTHS_OF_NO_TYPE = (
    "[0-9]{4}[/.](?:0?[1-9]|1[0-2])",
    "(?:0?[1-9]|1[0-2])[/.][0-9]{4}",
    f"(?i:{_SHORT_MONTHS}|{_MONTH_NAMES})[ -](?:[0-9]{{4}}|[0-9]{{2}})",
    "[0-9]{4}年[0-9]{1,2}月",
    "[0-9]{4}M(?:0[1-9]|1[0-2])",
)
"""Months in notations that no type of the standard reads."""
PARTIAL_DATE = "[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-[0-3][0-9])?)?"

_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,40}[A-Za-z0-9])?"
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_EMAIL = (
    rf"[A-Za-z0-9]{{1,20}}(?:[._-][A-Za-z0-9]{{1,20}}){{0,3}}@(?:{_LABEL}\.){{1,4}}[a-z]{{2,6}}"
)
_ADDRESS = (
    rf"https?://(?:{_LABEL}\.){{1,5}}[a-z]{{2,10}}(?::[0-9]{{1,5}})?(?:/[A-Za-z0-9._~/%=&?+,-]*)?"
)
TEXT_FORMATS = (
    Notation("string", _UUID, mark("a UUID"), {"format": "uuid"}),
    Notation("string", _EMAIL, mark("an e-mail address"), {"format": "email"}),
    Notation("string", _ADDRESS, mark("a web address"), {"format": "uri"}),
)
