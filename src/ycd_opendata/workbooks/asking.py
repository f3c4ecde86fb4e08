"""What is asked and what went, as lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ycd_opendata.messages import say
from ycd_opendata.repairs.repairs_told import why_unsure
from ycd_opendata.shown import quoted
from ycd_opendata.workbooks.row_reading import Question
from ycd_opendata.workbooks.taking import Deleted

MOST_ASKED = 50
"""A workbook with more questions is to be mended, not asked about one by one."""

_FEW = 3


def question_line(question: Question) -> str:
    """A question, with what it may be."""
    field = f" {question.field}" if question.field else ""
    choices = ", ".join(map(quoted, question.choices))
    may_be = say("; it may be {choices}", choices=choices) if choices else ""
    why = why_unsure(question.kind)
    return f"{question.place}{field} {quoted(question.value)}: {why}{may_be}"


def deleted_lines(deleted: Mapping[str, Iterable[Deleted]]) -> Iterator[str]:
    """The records without a row, a line a table."""
    for table, records in deleted.items():
        names = [", ".join(each.key) or ", ".join(each.cells) for each in records]
        first = ", ".join(map(quoted, names[:_FEW]))
        more = ", …" if len(names) > _FEW else ""
        yield f"{table}: {len(names):,}: {first}{more}"
