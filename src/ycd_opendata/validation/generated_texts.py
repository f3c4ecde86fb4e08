"""Texts in a package's documents that are generated from its tables, such as counts in a README.

Each stands between two remarks, ``<!-- quality -->`` and ``<!-- end of quality -->``; which there
are, and in which documents, says the package's extension. ``ycd format`` writes them, and
``ycd validate`` says where they are stale.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ycd_opendata.errors import DataError
from ycd_opendata.extension import GeneratedText, Load
from ycd_opendata.extension_loading import extension_of
from ycd_opendata.messages import reason_of, say
from ycd_opendata.package.files import resolve_inside
from ycd_opendata.package.model import Package


@dataclass(frozen=True)
class StaleText:
    """A document whose figures are not those of the tables.

    ``block`` and ``line`` say where it first differs.
    """

    path: str
    before: str
    after: str
    block: str
    line: int


def stale_texts(package: Package, load: Load) -> Iterator[StaleText]:
    """The documents of a package that its tables, which ``load`` gives, have moved on from.

    Raises DataError where a document is not UTF-8, or the tables cannot be counted.
    """
    declared = extension_of(package).documents
    texts: dict[str, str] = {}
    for name in declared.paths if declared else ():
        path = resolve_inside(package.root, name, package.descriptor_path.name)
        try:
            text = path.read_bytes().decode("utf-8") if path.is_file() else ""
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(
                say("{name!r} cannot be read: {error}", name=name, error=reason_of(error)),
                say("save it as UTF-8"),
            ) from error
        if "<!-- end of " in text:
            texts[name] = text
    if not texts:
        return
    blocks = {each.name: each.text for each in generated_texts(package, load)}
    names = "|".join(map(re.escape, blocks))
    pattern = re.compile(rf"(<!-- ({names}) -->\n)(.*?)(<!-- end of \2 -->)", re.DOTALL)
    for name, before in texts.items():
        after = pattern.sub(lambda found: found[1] + blocks[found[2]] + found[4], before)
        for found in pattern.finditer(before):
            if found[3] != blocks[found[2]]:
                line = _differing_line(before, found.start(3), found[3], blocks[found[2]])
                yield StaleText(name, before, after, found[2], line)
                break


def generated_texts(package: Package, load: Load) -> tuple[GeneratedText, ...]:
    """What the package's extension generates.

    Raises DataError where the tables lack what is counted.
    """
    declared = extension_of(package).documents
    if declared is None:
        return ()
    try:
        return declared.texts(package, load)
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(say("the records cannot be counted: {error}", error=error)) from error


def _differing_line(text: str, start: int, before: str, after: str) -> int:
    """The line of a text on which a block of it that starts somewhere first differs."""
    same = 0
    for had, has in zip(before.split("\n"), after.split("\n"), strict=False):
        if had != has:
            break
        same += 1
    return text.count("\n", 0, start) + 1 + same
