"""The templates of one language, compiled once a process.

A page is rendered thousands of times, so what is the same on all of them is done when its template
is compiled: the site's texts are written into it, and macros need nothing of the page.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path

import jinja2
from jinja2.ext import Extension

from ycd_opendata.site.marking import Marking
from ycd_opendata.site.wording import Wording

FOLDER = Path(__file__).parent

_TEXT = re.compile(r"""\bt\("([a-z_.0-9]+)"\)""")
_MACROS = re.compile(r"(\w+_)?macros\.html")


class _WrittenIn(Extension):
    """Writes the texts that have no gaps where a template asks for them, as ``t("site.home")``."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        """Replace each such call by its text."""
        wording: Wording = self.environment.globals["w"]  # type: ignore[assignment]

        def written(call: re.Match[str]) -> str:
            return (
                json.dumps(wording.text(call[1]), ensure_ascii=False)
                if wording.has(call[1])
                else call[0]
            )

        return _TEXT.sub(written, source)


@lru_cache
def environment_of(folder: Path | None, lang: str) -> jinja2.Environment:
    """The templates for a language: an owner's first, then the site's.

    All of them, and their macros, know ``t`` (a text of the site) and ``w`` (the wording), the
    filters ``say``, ``say_all`` and ``cell`` (what ``Marking`` writes), and the macros of each
    file named like ``macros.html``.
    """
    own = jinja2.FileSystemLoader(FOLDER / "templates")
    loaders: list[jinja2.BaseLoader] = [own, jinja2.PrefixLoader({"site": own})]
    if folder is not None:
        loaders.insert(0, jinja2.FileSystemLoader(folder / "templates"))
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader(loaders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        auto_reload=False,
        cache_size=-1,
        extensions=[_WrittenIn],
    )
    wording = Wording(lang, folder)
    marking = Marking(wording)
    environment.globals |= {"t": wording.text, "w": wording}
    # Filters, as a template calls a function much more slowly.
    for mark in (marking.say, marking.say_all, marking.cell):
        environment.filters[mark.__name__] = mark
    # Looked up once, and not imported again by each page.
    for name in filter(_MACROS.fullmatch, environment.list_templates()):
        made = vars(environment.get_template(name).module).items()
        environment.globals |= {each: macro for each, macro in made if not each.startswith("_")}
    return environment
