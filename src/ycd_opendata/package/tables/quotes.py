"""Quotes that do not pair: text that a lenient reader swallows without a word.

A quote that is never closed, or closed only lines later in front of more text, makes one cell of
many rows. Python's ``csv`` takes it as it comes, and so does frictionless.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

QuoteCode = Literal["unclosed-quote", "stray-quote"]


class QuoteFault(NamedTuple):
    """A quote that does not pair: the line of the record it opens on, from 0, and its cell."""

    code: QuoteCode
    line: int
    cell: int


def quote_fault(record: str, dialect: Mapping[str, Any]) -> QuoteFault | None:
    """What is wrong with the quotes of one record, given as it stands in the file.

    ``dialect`` are keywords of ``csv.reader``.
    """
    quote = dialect["quotechar"]
    if not quote or quote not in record:
        return None
    try:
        for _ in csv.reader([record], **dialect, strict=True):
            pass
    except csv.Error:
        return _located(record, dialect)
    return None


def _located(text: str, dialect: Mapping[str, Any]) -> QuoteFault | None:
    """Where the first quote stands that opens a cell and does not end it."""
    quote, delimiter, escape = dialect["quotechar"], dialect["delimiter"], dialect["escapechar"]
    at, line, cell = 0, 0, 0
    is_start = True
    while at < len(text):
        sign = text[at]
        if is_start and sign == quote:
            end = _closing(text, at + 1, quote, escape, doubled=dialect["doublequote"])
            if end is None:
                return QuoteFault("unclosed-quote", line, cell)
            behind = text[end + 1 : end + 2]
            if behind not in ("", delimiter, "\r", "\n"):
                is_long = "\n" in text[at:end].rstrip("\n") or "\r" in text[at:end].rstrip("\r")
                return QuoteFault("unclosed-quote" if is_long else "stray-quote", line, cell)
            line += text.count("\n", at, end)
            at = end
            is_start = False
        elif sign == delimiter:
            cell, is_start = cell + 1, True
        elif sign == escape:
            at, is_start = at + 1, False
        elif not (is_start and sign == " " and dialect["skipinitialspace"]):
            is_start = False
        at += 1
    return None


def _closing(text: str, at: int, quote: str, escape: str | None, *, doubled: bool) -> int | None:
    """The place of the quote that closes a cell."""
    while at < len(text):
        if escape and text[at] == escape:
            at += 2
        elif text[at] != quote:
            at += 1
        elif doubled and text[at + 1 : at + 2] == quote:
            at += 2
        else:
            return at
    return None
