"""Hidden characters in what a descriptor calls things: two names that look alike are two."""

from __future__ import annotations

from collections.abc import Iterator

from ycd_opendata.messages import say
from ycd_opendata.package.reading import Descriptor
from ycd_opendata.validation.descriptor_keys import described, objects
from ycd_opendata.validation.findings import Finding
from ycd_opendata.validation.hidden_characters import hidden_character
from ycd_opendata.validation.structure.explanations import explain_untidy

_NAMES = ("name", "title", "label", "value")


def hidden_name_findings(descriptor: Descriptor) -> Iterator[Finding]:
    """A warning for each name, title and category that has a hidden character in it."""
    for kind, value, place in objects(descriptor.raw):
        for key in _NAMES:
            text = value.get(key)
            # What means missing may be anything.
            if kind == "missing value" or not isinstance(text, str):
                continue
            if hidden_character(text) is None:
                continue
            file, line = descriptor.where((*place, key))
            message, hint = explain_untidy(text)
            yield Finding(
                code="untidy-text",
                severity="warning",
                path=file,
                line=line,
                field=key,
                value=text,
                message=say(
                    "{key} of {described}: {message}",
                    key=key,
                    described=described(place, {}),
                    message=message,
                ),
                hint=hint,
            )
