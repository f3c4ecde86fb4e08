"""From a drawing to the text of an SVG: small, safe to embed, for light and dark pages."""

from __future__ import annotations

from collections.abc import Iterator

from ycd_opendata.site.charts.drawing import DARK_OF, LINE, Drawing, Mark, Text
from ycd_opendata.site.charts.lettering import svg_text
from ycd_opendata.site.charts.picture import Lang

_FONTS = (
    'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","PingFang SC","Hiragino Sans GB",'
    '"Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif'
)
_SHAPES = {
    "circle": "m-{r},0a{r},{r} 0 1 0 {d},0a{r},{r} 0 1 0 -{d},0z",
    "square": "m-{r},-{r}h{d}v{d}h-{d}z",
    "diamond": "m-{r},0l{r},-{r}l{r},{r}l-{r},{r}z",
    "triangle-up": "m0,-{t}l{r},{h}h-{d}z",
}
"""The outline of each shape around a place: ``r`` is half its width and ``d`` all of it."""


def svg_of(drawing: Drawing, name: str, title: str, alternative: str, lang: Lang) -> str:
    """Render a drawing.

    Parameters
    ----------
    name : str
        The picture's name, for ids that are unique on a page.
    title, alternative : str
        What ``<title>`` and ``<desc>`` say.

    Returns
    -------
    str
        An SVG without script, event handler, link or outside reference.
    """
    width, height = drawing.size
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" role="img" lang="{lang}" '
            f'aria-labelledby="{name}-title {name}-desc">',
            f'<title id="{name}-title">{svg_text(title)}</title>',
            f'<desc id="{name}-desc">{svg_text(alternative)}</desc><style>{_style()}</style>',
            *_shapes(drawing),
            *_texts(drawing),
            "</svg>\n",
        ]
    )


def _shapes(drawing: Drawing) -> Iterator[str]:
    """Lines, boxes and marks, one layer after the other."""
    yield f'<g stroke="{LINE}">'
    for line in drawing.lines:
        start = f'x1="{_number(line.x)}" y1="{_number(line.y)}"'
        yield f'<line {start} x2="{_number(line.x2)}" y2="{_number(line.y2)}"/>'
    yield "</g>"
    for box in drawing.boxes:
        wide, high = _number(box.x2 - box.x), _number(box.y2 - box.y)
        start = f"M{_number(box.x)},{_number(box.y)}"
        yield f'<path d="{start}h{wide}v{high}h-{wide}z" fill="{box.color}"/>'
    for mark in drawing.marks:
        yield f'<path d="{_outline(mark, drawing.mark_width)}" fill="{mark.color}"/>'


def _outline(mark: Mark, width: float) -> str:
    # A shape fills its width less a rim, so that neighbours do not touch.
    half = width * 0.45
    sizes = {"r": half, "d": 2 * half, "h": half * 1.73, "t": half * 0.87}
    shape = _SHAPES[mark.shape].format_map({key: _number(size) for key, size in sizes.items()})
    return f"M{_number(mark.x)},{_number(mark.y)}{shape}"


def _texts(drawing: Drawing) -> Iterator[str]:
    """The texts, those of one look as a group."""
    looks: dict[tuple[float, bool, bool], list[Text]] = {}
    for text in drawing.texts:
        looks.setdefault((text.size, text.bold, text.at_end), []).append(text)
    for (size, bold, at_end), alike in looks.items():
        weight = ' font-weight="600"' if bold else ""
        anchor = ' text-anchor="end"' if at_end else ""
        yield f'<g font-size="{_number(size)}"{weight}{anchor}>'
        for text in alike:
            place = f'x="{_number(text.x)}" y="{_number(text.y)}"'
            yield f'<text {place} fill="{text.color}">{svg_text(text.text)}</text>'
        yield "</g>"


def _number(value: float) -> str:
    """A place in pixels, as short as it can be said to a hundredth."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _style() -> str:
    """Fonts, and the dark colours: a rule in a style sheet wins over a drawing attribute."""
    dark = "".join(
        f'[fill="{light}"]{{fill:{dark}}}[stroke="{light}"]{{stroke:{dark}}}'
        for light, dark in DARK_OF.items()
    )
    return f"text{{font-family:{_FONTS}}}@media (prefers-color-scheme:dark){{{dark}}}"
