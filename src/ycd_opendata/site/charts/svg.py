"""From a drawing to the bytes of an SVG: small, safe to embed, for light and dark pages."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from ycd_opendata.shown import visible
from ycd_opendata.site.charts.drawing import DARK_OF, LINE, Drawing
from ycd_opendata.site.charts.picture import Lang

if TYPE_CHECKING:
    import altair as alt

_FONTS = (
    'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","PingFang SC","Hiragino Sans GB",'
    '"Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif'
)
_SVG = "http://www.w3.org/2000/svg"
_INHERITED = ("fill", "stroke", "stroke-width", "text-anchor", "font-size", "font-weight")
_KEPT = {"d", "transform", "x2", "y2", *_INHERITED}
_DEFAULTS = {
    ("stroke-width", "1"),
    ("text-anchor", "start"),
    ("font-weight", "400"),
    ("transform", "translate(0,0)"),
}
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")


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
    import vl_convert

    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(vl_convert.vegalite_to_svg(_specification(drawing)))
    size = {key: root.attrib[key] for key in ("width", "height", "viewBox")}
    _strip(root)
    root.attrib.clear()
    root.attrib |= {**size, "role": "img", "lang": lang}
    root.attrib["aria-labelledby"] = f"{name}-title {name}-desc"
    head = {"title": visible(title), "desc": visible(alternative), "style": _style()}
    for index, (tag, text) in enumerate(head.items()):
        element = ElementTree.Element(f"{{{_SVG}}}{tag}")
        element.text = text
        if tag != "style":
            element.set("id", f"{name}-{tag}")
        root.insert(index, element)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _specification(drawing: Drawing) -> dict[str, Any]:
    """The drawing in Vega-Lite: a layer for each kind of part, all places in pixels."""
    import altair as alt

    values = {
        "lines": [asdict(line) for line in drawing.lines],
        "boxes": [asdict(box) for box in drawing.boxes],
        "marks": [asdict(mark) for mark in drawing.marks],
    }
    color = alt.Fill("color:N", scale=None)
    place: dict[str, Any] = {
        "x": alt.X("x:Q", axis=None, scale=None),
        "y": alt.Y("y:Q", axis=None, scale=None),
    }
    ends: dict[str, Any] = {"x2": "x2:Q", "y2": "y2:Q"}
    shape = alt.Shape("shape:N", scale=None)
    layers = [
        _layer("lines").mark_rule(stroke=LINE).encode(**place, **ends),
        _layer("boxes").mark_rect().encode(**place, **ends, fill=color),
        _layer("marks")
        .mark_point(filled=True, opacity=1, size=drawing.mark_width**2 * 0.8)
        .encode(**place, shape=shape, fill=color),
    ]
    looks = defaultdict(list)
    for text in drawing.texts:
        looks[text.size, text.bold, text.at_end].append(asdict(text))
    for (size, bold, at_end), alike in looks.items():
        values[f"texts of {size} {bold} {at_end}"] = alike
        layers.append(
            _layer(f"texts of {size} {bold} {at_end}")
            .mark_text(
                fontSize=size,
                fontWeight=600 if bold else 400,
                align="right" if at_end else "left",
                baseline="alphabetic",
            )
            .encode(**place, text="text:N", fill=color)
        )
    # Without autosize "none" the measured width of texts, and so the machine's fonts, would
    # decide about the size.
    chart = alt.layer(*layers).properties(
        width=drawing.size.width,
        height=drawing.size.height,
        padding=0,
        autosize=alt.AutoSizeParams(type="none"),
    )
    chart = chart.configure(background="transparent", font="sans-serif")
    specification: dict[str, Any] = chart.configure_view(stroke=None).to_dict(validate=False)
    # Altair would copy and check each value several times.
    return specification | {"datasets": values}


def _layer(name: str) -> alt.Chart:
    import altair as alt

    return alt.Chart(alt.NamedData(name))


def _style() -> str:
    """Fonts, and the dark colours: a rule in a style sheet wins over a drawing attribute."""
    dark = "".join(
        f'[fill="{light}"]{{fill:{dark}}}[stroke="{light}"]{{stroke:{dark}}}'
        for light, dark in DARK_OF.items()
    )
    return f"text{{font-family:{_FONTS}}}@media (prefers-color-scheme:dark){{{dark}}}"


def _strip(element: ElementTree.Element) -> None:
    """Drop what draws nothing, such as the roles of single marks, which an image hides."""
    for child in list(element):
        frame = child.get("class") in ("background", "foreground")
        _strip(child)
        draws = child.tag == f"{{{_SVG}}}text" or child.get("d") or child.get("x2") or len(child)
        if frame or not draws:
            element.remove(child)
    for key, value in list(element.attrib.items()):
        if key not in _KEPT or (key, value) in _DEFAULTS:
            del element.attrib[key]
        elif key in ("d", "transform"):
            element.set(key, _LONG_NUMBER.sub(lambda number: f"{float(number[0]):.2f}", value))
    for key in _INHERITED:
        shared = {child.get(key) for child in element}
        if len(shared) == 1 and None not in shared:
            element.set(key, str(shared.pop()))
            for child in element:
                del child.attrib[key]
