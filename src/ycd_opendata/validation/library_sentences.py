"""What frictionless and jsonschema say of a package, in the language of the reader.

They say it in English, and their sentences are told by their form.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ycd_opendata.messages import language, mark, say

_SENTENCES = (
    mark("{note} at property '{place}'"),
    mark("the same as in the row at position {number}"),
    mark("the source is empty"),
    mark('expected is "{value}" and actual is "{actual}"'),
    mark('format "{name}" is not supported'),
    mark('scheme "{name}" is not supported'),
    mark('compression "{name}" is not supported'),
    mark('field type "{name}" is not supported'),
    mark('constraint "{name}" is not supported by type "{type}"'),
    mark('"{name}" should be set as "{place}"'),
    mark('example value "{value}" for field "{name}" is not valid'),
    mark('one of the properties "path" or "data" is required'),
    mark('properties "path" and "data" is mutually exclusive'),
    mark('property "{name}" is not valid "{format}"'),
    mark('path "{value}" is not safe'),
    mark('license requires "path" or "name": {value}'),
    mark("names of the resources are not unique"),
    mark("names of the fields are not unique"),
    mark('primary key "{names}" does not match the fields "{fields}"'),
    mark('foreign key fields "{names}" does not match the reference fields "{fields}"'),
    mark('cannot extract JSON tabular data from "{path}"'),
    mark('profile "tabular-data-resource" requires "schema" to be present'),
    mark("{value} is a required property"),
    mark("{value} is not of type {type}"),
    mark("{value} is not one of {values}"),
    mark("{value} is not valid under any of the given schemas"),
    mark("{value} does not match {pattern}"),
    mark("{value} is too short"),
    mark("{value} is too long"),
    mark("{value} should be non-empty"),
    mark("{value} has non-unique elements"),
    mark("{value} was expected"),
    mark("{value} is not a {format}"),
    mark("{value} is less than the minimum of {limit}"),
    mark("{value} is greater than the maximum of {limit}"),
    mark("{value} does not have enough properties"),
    mark("Additional properties are not allowed ({names} was unexpected)"),
    mark("Additional properties are not allowed ({names} were unexpected)"),
)
"""The forms of what they say; the first that fits is taken."""

_GAP = re.compile(r"\\\{(\w+)\\\}")


def translated(sentence: str) -> str:
    """A sentence of theirs as the reader has it, or as it is where its form is not known."""
    if language() == "en":
        return sentence
    for template in _SENTENCES:
        if match := _form(template).fullmatch(sentence):
            values = match.groupdict()
            if "note" in values:
                values["note"] = translated(values["note"])
            return say(template, **values)
    return sentence


@lru_cache
def _form(template: str) -> re.Pattern[str]:
    return re.compile(_GAP.sub(r"(?P<\1>.+)", re.escape(template)), re.DOTALL)
