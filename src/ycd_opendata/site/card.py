"""The picture that others show beside a link to the site: its name and what the data are."""

from __future__ import annotations

from ycd_opendata.site.charts.lettering import fitted, svg_text
from ycd_opendata.site.charts.png import FONTS, drawn
from ycd_opendata.site.rendering import File, Renderer

_WIDTH, _HEIGHT = 1200, 630
_MARGIN = 90
_NAME, _LEAD, _SMALL = 72, 34, 28
_PAPER, _INK, _QUIET, _ACCENT = "#fcfbf8", "#1b2430", "#566070", "#0b4f6c"


def card(page: Renderer) -> File:
    """The card of one language, in the size that is asked for of such pictures."""
    room = _WIDTH - 2 * _MARGIN
    names = fitted(page.name.text, room, _NAME, 2, bold=True)
    leads = fitted(page.summary.text, room, _LEAD, 4)
    parts = [_text(line, 170 + 84 * row, _NAME, _INK, 600) for row, line in enumerate(names)]
    top = 170 + 84 * len(names)
    parts += [_text(line, top + 46 * row, _LEAD, _QUIET, 400) for row, line in enumerate(leads)]
    package = page.content.package
    version = page.wording.text(
        "site.version", version=package.version, date=page.wording.date(package.created[:10])
    )
    parts.append(_text(version, _HEIGHT - 60, _SMALL, _ACCENT, 600))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
        f'font-family="{FONTS}"><rect width="100%" height="100%" fill="{_PAPER}"/>'
        f'<rect width="24" height="100%" fill="{_ACCENT}"/>{"".join(parts)}</svg>'
    )
    return f"assets/card.{page.lang}.png", drawn(svg)


def _text(line: str, y: int, size: int, color: str, weight: int) -> str:
    place = f'x="{_MARGIN}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{color}"'
    return f"<text {place}>{svg_text(line)}</text>"
