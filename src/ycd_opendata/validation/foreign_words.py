"""What frictionless and jsonschema say of a package, in the language of the reader.

They say it in English, and their sentences are matched by their form.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ycd_opendata.messages import language, mark, say

_SENTENCES = (mark("the same as in the row at position {number}"),)
"""The forms of what they say; the first that fits is taken."""

_GAP = re.compile(r"\\{(\w+)\\}")


def in_words(sentence: str) -> str:
    """A sentence of theirs as the reader has it, or as it is where its form is not known."""
    if language() == "en":
        return sentence
    for template in _SENTENCES:
        if match := _form(template).fullmatch(sentence):
            return say(template, **match.groupdict())
    return sentence


@lru_cache
def _form(template: str) -> re.Pattern[str]:
    return re.compile(_GAP.sub(r"(?P<\1>.+)", re.escape(template)), re.DOTALL)
