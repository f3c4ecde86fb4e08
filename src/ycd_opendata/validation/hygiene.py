"""Rules about the text of single cells: what no eye sees and every machine trips over."""

from __future__ import annotations

import math
import unicodedata
from urllib.parse import urlsplit

from ycd_opendata.extension import CellRule
from ycd_opendata.messages import mark
from ycd_opendata.package.model import Field
from ycd_opendata.partial_dates import day_bounds
from ycd_opendata.validation.hidden_characters import hidden_character, is_padded

_PAIRS = {"《": "》", "“": "”"}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def _is_visible(text: str) -> bool:
    """No hidden characters; of those that end lines and cells, only a line feed is let stand."""
    return hidden_character(text) is None and "\t" not in text and "\r" not in text


def _is_half_width(text: str) -> bool:
    """No full-width digits or Latin letters."""
    return text.isascii() or not any(
        "\uff10" <= each <= "\uff5a" and each.isalnum() for each in text
    )


def _is_paired(text: str) -> bool:
    """Every 《 and “ is closed, in order."""
    for opening, closing in _PAIRS.items():
        if opening not in text and closing not in text:
            continue
        depth = 0
        for each in text:
            depth += (each == opening) - (each == closing)
            if depth < 0:
                return False
        if depth:
            return False
    return True


def _is_calendar_day(text: str) -> bool:
    try:
        day_bounds(text)
    except ValueError:
        return False
    return True


def _is_figure(text: str) -> bool:
    """No NaN and no infinity, which the standard lets pass as numbers."""
    try:
        return math.isfinite(float(text))
    except ValueError:
        return True  # it is written in a way that the Table Schema declares


def _any_field(_: Field) -> bool:
    return True


HYGIENE = (
    CellRule(
        "not-composed",
        _any_field,
        lambda text: unicodedata.is_normalized("NFC", text),
        mark("the text {value} is not in Unicode's composed form (NFC)"),
        mark("run `ycd format`"),
    ),
    CellRule(
        "invisible-character",
        _any_field,
        _is_visible,
        mark("the text {value} holds a control or zero-width character"),
        mark("delete it; retyping the cell by hand is the surest way"),
    ),
    CellRule(
        "padding",
        _any_field,
        lambda text: not is_padded(text),
        mark("the text {value} has white space around it"),
        mark("run `ycd format`"),
    ),
    CellRule(
        "full-width-character",
        lambda field: field.is_code,
        _is_half_width,
        mark("the code or number {value} has full-width digits or letters"),
        mark("type it with the input method switched to half width"),
    ),
    CellRule(
        "unpaired-mark",
        lambda field: not field.is_code,
        _is_paired,
        mark("the text {value} has 《》 or “” that do not pair up"),
        mark("close every 《 with 》 and every “ with ”"),
    ),
    CellRule(
        "formula-cell",
        lambda field: field.type == "string",
        lambda text: not text.startswith(_FORMULA_STARTS),
        mark("a spreadsheet would run the text {value} as a formula"),
        mark("let the cell start with a letter, digit, quotation mark or bracket"),
    ),
    CellRule(
        "no-such-day",
        lambda field: field.is_partial_date,
        _is_calendar_day,
        mark("the calendar has no day {value}"),
        mark("correct the day, or leave it off where the source gives none"),
    ),
    CellRule(
        "no-figure",
        lambda field: field.type == "number",
        _is_figure,
        mark("{value} is no figure"),
        mark("write the figure, or leave the cell empty where none is known"),
    ),
    CellRule(
        "address-without-host",
        lambda field: field.format == "uri",
        lambda text: bool(urlsplit(text).netloc),
        mark("the address {value} names no host"),
        mark("give it whole, such as https://example.org/page"),
    ),
)
"""The rules, for an extension to take up; each applies to every table."""
