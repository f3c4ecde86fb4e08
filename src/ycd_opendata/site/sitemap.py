"""The sitemap: what a search engine should find, in as many files as the protocol asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

MOST_ADDRESSES = 50_000
"""As many as the protocol allows in one file (https://www.sitemaps.org/protocol.html)."""


def sitemap_files(base_url: str, paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Files by their names: ``sitemap.xml``, which lists the pages, or the files that do.

    ``paths`` are relative to ``base_url``, which ends with a slash.
    """
    if len(paths) <= MOST_ADDRESSES:
        yield "sitemap.xml", _listed("urlset", "url", base_url, paths)
        return
    names = []
    for number, start in enumerate(range(0, len(paths), MOST_ADDRESSES), 1):
        names.append(f"sitemap-{number}.xml")
        part = paths[start : start + MOST_ADDRESSES]
        yield names[-1], _listed("urlset", "url", base_url, part)
    yield "sitemap.xml", _listed("sitemapindex", "sitemap", base_url, names)


def _listed(top: str, each: str, base_url: str, paths: Iterable[str]) -> str:
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<{top} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
            *(f"<{each}><loc>{escape(base_url + path)}</loc></{each}>" for path in paths),
            f"</{top}>\n",
        ]
    )
