"""An owner's Markdown files as pages, in ``docs/`` below the folder of each language."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

from ycd_opendata.site.content import Content
from ycd_opendata.site.rendering import File, Renderer, Text, safe_url
from ycd_opendata.site.wording import LANGUAGES, Wording, Words

_FOLDER = "docs"
_PICTURES = "assets/docs"
_LEAST_FOR_CONTENTS = 6
_OTHER_LANGUAGE = re.compile(rf"(.+)\.({'|'.join(LANGUAGES)})")
_PICTURE_NAME = re.compile(r"(?:[\w-][\w.-]*/)*[\w-][\w.-]*\.png", re.ASCII)
_NO_SLUG = re.compile(r"[^\w -]")
_STOP = r"[\u3000-\u303f\uff00-\uffef]"
_HAN = r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
_DASH = r"[\u2014\u2018-\u201d\u2026]"
_NO_SPACE = re.compile(rf"{_HAN}\n{_HAN}|{_HAN}\n{_DASH}|{_DASH}\n{_HAN}|{_STOP}\n.?|.?\n{_STOP}")


@dataclass(frozen=True)
class Guide:
    """A file: its place among the pages, without ending, its language, its text."""

    place: str
    lang: str
    text: str


def guides_of(content: Content) -> Mapping[tuple[str, str], Guide]:
    """The owner's files by place and language; ``NAME.zh.md`` is ``NAME.md`` in Chinese."""
    folder = content.additions.guides if content.additions is not None else None
    return _read(folder) if folder is not None else {}


@lru_cache
def _read(folder: Path) -> Mapping[tuple[str, str], Guide]:
    found = {}
    for path in sorted(folder.rglob("*.md")):
        stem = path.relative_to(folder).as_posix().removesuffix(".md")
        place, lang = _place_of(stem)
        found[place, lang] = Guide(place, lang, path.read_text(encoding="utf-8"))
    return found


def _place_of(stem: str) -> tuple[str, str]:
    """Where the page of a file is, and its language; a README is the index of its folder."""
    other = _OTHER_LANGUAGE.fullmatch(stem)
    stem, lang = (other[1], other[2]) if other else (stem, LANGUAGES[0])
    folder, _, name = stem.rpartition("/")
    return posixpath.join(folder, "index" if name == "README" else name), lang


def guide_files(content: Content) -> Iterator[File]:
    """The pictures that the files may show, as they are."""
    folder = content.additions.guides if content.additions is not None else None
    for name, path in _pictures(folder).items() if folder is not None else ():
        yield f"{_PICTURES}/{name}", path.read_bytes()


@lru_cache
def _pictures(folder: Path) -> Mapping[str, Path]:
    """The PNG files of a folder by their path in it."""
    found = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.png"))}
    return {name: path for name, path in found.items() if _PICTURE_NAME.fullmatch(name)}


def guide_pages(page: Renderer) -> Iterator[Text]:
    """A page of each file, in the language of the pages where it has that, else in its own."""
    guides = guides_of(page.content)
    additions = page.content.additions
    folder = additions.guides if additions is not None else None
    pictures = frozenset(_pictures(folder)) if folder is not None else frozenset()
    languages = [page.lang, *(each for each in LANGUAGES if each != page.lang)]
    for place in dict.fromkeys(place for place, _ in guides):
        guide = next(guides[place, each] for each in languages if (place, each) in guides)
        title, body = _html(guide, frozenset(guides), pictures)
        yield page.page(
            "guide.html",
            f"{_FOLDER}/{place}.html",
            title=page.wording.words(title, guide.lang),
            body=Markup(body),
            language=guide.lang,
            index="" if place == "index" else "../" * place.count("/") + "index.html",
        )


@lru_cache(maxsize=256)
def _html(
    guide: Guide, places: frozenset[tuple[str, str]], pictures: frozenset[str] = frozenset()
) -> tuple[str, str]:
    """The title of a file and its text as HTML; what looks like HTML in it stays text."""
    markdown = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Safe).enable("table")
    env: dict[str, Any] = {"guide": guide, "places": places, "pictures": pictures}
    env |= {"slugs": {}, "contents": {}, "title": guide.place}
    tokens = markdown.parse(guide.text, env)
    first = next((at for at, each in enumerate(tokens) if each.type == "heading_open"), None)
    if first is not None:
        env["title"] = env["heading"] = _plain(tokens[first + 1])
    body: str = markdown.renderer.render(tokens, markdown.options, env)
    if len(env["contents"]) >= _LEAST_FOR_CONTENTS:
        body = body.replace("</h1>\n", f"</h1>\n{_contents(env)}", 1)
    return env["title"], body


def _contents(env: Mapping[str, Any]) -> str:
    """Links to the headings of a long page."""
    label = _wording(env["guide"].lang).text("site.contents")
    items = "\n".join(
        f'<li><a href="#{escapeHtml(name)}">{_worded(text, env)}</a></li>'
        for name, text in env["contents"].items()
    )
    return f'<nav aria-label="{label}" class="contents"><ul>\n{items}\n</ul></nav>\n'


def _plain(inline: Token) -> str:
    kinds = ("text", "code_inline")
    return "".join(each.content for each in inline.children or () if each.type in kinds)


class _Safe(RendererHTML):
    """HTML as the site has it: without inline styles, with languages, scopes and captions."""

    def text(self, tokens: Sequence[Token], idx: int, _: Any, env: Any) -> str:
        """Text, in which Chinese words say that they are."""
        return _worded(tokens[idx].content, env)

    def softbreak(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        """The end of a line, which a browser shows as a space: none within Chinese."""
        before = next((each.content for each in reversed(tokens[:idx]) if each.content), "")
        after = next((each.content for each in tokens[idx:] if each.content), "")
        return "" if _NO_SPACE.fullmatch(f"{before[-1:]}\n{after[:1]}") else "\n"

    def code_inline(self, tokens: Sequence[Token], idx: int, _: Any, env: Any) -> str:
        """Code in a sentence."""
        return f"<code>{_worded(tokens[idx].content, env)}</code>"

    def fence(self, tokens: Sequence[Token], idx: int, _: Any, env: Any) -> str:
        """A block of code."""
        return f"<pre><code>{_worded(tokens[idx].content, env)}</code></pre>\n"

    def code_block(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        """One that is indented."""
        return self.fence(tokens, idx, options, env)

    def image(self, tokens: Sequence[Token], idx: int, _: Any, env: Any) -> str:
        """A picture that stands with the files; of another one, what it shows."""
        guide: Guide = env["guide"]
        said, address = escapeHtml(tokens[idx].content), str(tokens[idx].attrs["src"])
        name = posixpath.normpath(posixpath.join(posixpath.dirname(guide.place), address))
        if name not in env["pictures"]:
            return said
        root = "../" * (guide.place.count("/") + 2)
        return f'<img src="{root}{_PICTURES}/{name}" alt="{said}" loading="lazy">'

    def heading_open(self, tokens: Sequence[Token], idx: int, _: Any, env: Any) -> str:
        """A heading that links can lead to, as they do in the file."""
        env["heading"] = _plain(tokens[idx + 1])
        slug = _NO_SLUG.sub("", env["heading"].lower()).replace(" ", "-")
        count = env["slugs"][slug] = env["slugs"].get(slug, -1) + 1
        name = f"{slug}-{count}" if count else slug
        if tokens[idx].tag in ("h2", "h3"):
            env["contents"][name] = env["heading"].partition("(")[0]  # no signature
        return f'<{tokens[idx].tag} id="{escapeHtml(name)}">'

    def table_open(self, _tokens: Sequence[Token], _idx: int, _: Any, env: Any) -> str:
        """A table under the name of its section."""
        caption = _worded(env.get("heading", env["title"]), env)
        return f'<table class="cells"><caption class="unseen">{caption}</caption>\n'

    def th_open(self, *_: Any) -> str:
        """The head of a column."""
        return '<th scope="col">'

    def td_open(self, *_: Any) -> str:
        """A cell; its alignment would be an inline style."""
        return "<td>"

    def link_open(self, tokens: Sequence[Token], idx: int, _: Any, env: Any) -> str:
        """A link to another page or to the web; one to another file is none."""
        address = str(tokens[idx].attrs["href"])
        outside = safe_url(address)
        href = outside or _href(address, env)
        env.setdefault("open", []).append(bool(href))
        rel = ' rel="noopener noreferrer external"' if outside else ""
        return f'<a href="{escapeHtml(href)}"{rel}>' if href else ""

    def link_close(self, _tokens: Sequence[Token], _idx: int, _: Any, env: Any) -> str:
        """The end of a link."""
        return "</a>" if env["open"].pop() else ""


@lru_cache
def _wording(lang: str) -> Wording:
    return Wording(lang)


def _worded(text: str, env: Mapping[str, Any]) -> str:
    """Text with the Chinese in an English file marked as such."""
    words = _wording(env["guide"].lang).pieces(Words(text))
    return "".join(
        f'<span lang="{each.lang}">{escapeHtml(each.text)}</span>'
        if each.lang
        else escapeHtml(each.text)
        for each in words
    )


def _href(address: str, env: Mapping[str, Any]) -> str:
    """The page that a relative address leads to, from the page of the file; "" if there is none."""
    parts = urlsplit(address)
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    if not parts.path:
        return fragment
    guide: Guide = env["guide"]
    folder = posixpath.dirname(guide.place)
    path = posixpath.normpath(posixpath.join(folder, parts.path))
    place, lang = _place_of(path.removesuffix(".md"))
    if parts.scheme or not path.endswith(".md") or (place, lang) not in env["places"]:
        return ""
    way = posixpath.relpath(f"{place}.html", folder or ".")
    if _OTHER_LANGUAGE.fullmatch(path.removesuffix(".md")):
        up = "../" * (guide.place.count("/") + 2)
        way = f"{up}{lang}/{_FOLDER}/{place}.html"
    return way + fragment
