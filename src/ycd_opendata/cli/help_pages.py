"""Help in the language of the reader, and lines broken where Chinese may be broken.

Every text of it is a template of the catalogue; click looks its own words up there too.
"""

from __future__ import annotations

import copy
import gettext
import inspect
import os
import re
from collections.abc import Iterable, Sequence

import click

from ycd_opendata.messages import (
    CATALOGUES,
    DOMAIN,
    LANGUAGES,
    language,
    language_of,
    mark,
    say,
    speak,
)

# A word of Latin with what may not start a line, or a Chinese character likewise.
_CLOSING = "，。；：、？！）》」』”’…"
_PIECE = re.compile(rf"[!-~]+[{_CLOSING}]*|[（《「『“‘]*\S[{_CLOSING}]*|\s+")
_ASKED = re.compile(r"--lang(?:=(.*))?", re.DOTALL)

lang_option = click.Option(
    ["--lang"],
    type=click.Choice(LANGUAGES),
    expose_value=False,
    show_default=False,
    help="The language of messages and workbooks; without it, that of YCD_LANG or of the locale.",
)
"""Read by ``speak_as_asked``, before click finds a fault in the rest of the command line."""


def speak_as_asked(arguments: Sequence[str]) -> None:
    """Speak the language that a command line asks for, else that of the environment."""
    chosen = language_of(os.environ)
    for at, argument in enumerate(arguments):
        if argument == "--":
            break
        if found := _ASKED.fullmatch(argument):
            asked = found[1] or "".join(arguments[at + 1 : at + 2])
            chosen = next((each for each in LANGUAGES if each == asked), chosen)
    speak(chosen)
    # What click's own words are looked up by.
    os.environ["LANGUAGE"] = chosen
    gettext.bindtextdomain(DOMAIN, CATALOGUES)
    gettext.textdomain(DOMAIN)


class Spoken(click.Command):
    """A command whose help is in the language of the reader."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """The parameters, with ``--lang``."""
        *others, of_help = super().get_params(ctx)
        if isinstance(of_help, click.Option):
            # click says it in the language of the moment, and keeps it.
            of_help.help = mark("Show this message and exit.")
        return [*others, lang_option, of_help]

    def get_help(self, ctx: click.Context) -> str:
        """The help page."""
        page = _Page(width=ctx.terminal_width, max_width=ctx.max_content_width)
        self.format_help(ctx, page)
        return page.getvalue().rstrip("\n")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        spoken = copy.copy(self)
        spoken.help = said_help(self)
        click.Command.format_help_text(spoken, ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first sentence of what the command does."""
        if language() == "en":
            return super().get_short_help_str(limit)
        return said_help(self).partition("。")[0]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what each option means."""
        rows = []
        for each in self.get_params(ctx):
            spoken = copy.copy(each)
            if isinstance(spoken, click.Option) and spoken.help:
                spoken.help = say(spoken.help)
            record = spoken.get_help_record(ctx)
            if record is not None and not isinstance(each, click.Argument):
                rows.append(record)
        with formatter.section(say("Options")):
            formatter.write_dl(rows)


def said_help(command: click.Command) -> str:
    """What a command does, in the language of the reader."""
    return say(inspect.cleandoc(command.help or ""))


class _Page(click.HelpFormatter):
    """A page that counts a Chinese character as the two columns that it takes."""

    def write_text(self, text: str) -> None:
        if language() == "en":
            super().write_text(text)
            return
        indent = " " * self.current_indent
        paragraphs = (each.strip("\n") for each in text.split("\n\n"))
        self.write(
            "\n\n".join(
                "\n".join(indent + line for line in _lines(each, self.width - len(indent)))
                for each in paragraphs
            )
            + "\n"
        )

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        if language() == "en":
            super().write_dl(rows, col_max, col_spacing)
            return
        from rich.cells import cell_len

        measured = [(term, cell_len(term), meaning) for term, meaning in rows]
        first = min(max(width for _, width, _ in measured), col_max) + col_spacing
        margin = " " * (self.current_indent + first)
        for term, width, meaning in measured:
            self.write(" " * self.current_indent + term)
            gap = first - width
            self.write(" " * gap if gap >= col_spacing else f"\n{margin}")
            self.write(f"\n{margin}".join(_lines(meaning, self.width - len(margin))) + "\n")


def _lines(paragraph: str, width: int) -> list[str]:
    """A paragraph in lines of so many columns; after ``\\b`` it is in lines already."""
    from rich.cells import cell_len

    head, _, rest = paragraph.partition("\n")
    if head.strip() == "\b":
        return rest.split("\n")
    lines = [""]
    for piece in _PIECE.findall(" ".join(paragraph.split())):
        if cell_len(lines[-1] + piece.rstrip()) > width and lines[-1]:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        if lines[-1] or piece.strip():
            lines[-1] += piece
    return lines
