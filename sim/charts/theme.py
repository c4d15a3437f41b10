"""How every chart looks, and how it becomes a file whose bytes can be reproduced.

Colours tell kinds of people apart by lightness as well as by hue, so that they survive colour
blindness and grey print; dashes and labels at line ends say the same again. No pyplot: a figure
belongs to whoever made it, and nothing stays behind.

State: none.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.charts.metadata import PDF_KEY, PNG_KEYWORD, as_text, html_tag, svg_element
from sim.errors import OutputError
from sim.storage.output_files import checked_file

INK, FAINT, PAPER = "#1d2b36", "#d5dce1", "#ffffff"
QUIET = "#5b6b76"  # second voice: notes, reference lines
TEAL, ORANGE, INDIGO, GREY = "#0b7a75", "#b5490f", "#3b3f8f", "#6b7780"
FORMATS = ("svg", "png", "pdf", "html")
SIZES = {"small": 8.0, "text": 9.0, "title": 12.0}
_DPI = 150
_RC: dict[Any, Any] = {  # matplotlib types its keys one by one
    "font.family": "sans-serif",
    "font.size": SIZES["text"],
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": QUIET,
    "xtick.color": INK,
    "ytick.color": INK,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "svg.fonttype": "none",  # text stays text: it can be searched, read aloud and scaled
    "svg.hashsalt": "passerby",
    "pdf.fonttype": 42,
}


@contextmanager
def style() -> Iterator[None]:
    """Draw in the project's style inside the ``with`` block, whatever the user's own settings."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_RC)
        yield


def new_figure(width_in: float, height_in: float) -> Figure:
    """Return an empty figure with a canvas of its own."""
    figure = Figure(figsize=(width_in, height_in), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def panels_of(
    figure: Figure, count: int, across: int, *, sharex: bool = False, sharey: bool = False
) -> list[Axes]:
    """Return so many panels in rows of ``across``; what is left of the last row stays empty."""
    rows = -(-count // across)
    drawn = figure.subplots(rows, across, squeeze=False, sharex=sharex, sharey=sharey).ravel()
    for axes in drawn[count:]:
        axes.set_visible(False)
    return list(drawn[:count])


def title_figure(figure: Figure, title: str, note: str = "", *, colour: str = INK) -> None:
    """Set a title over the whole figure and a note under it, both from the left."""
    figure.suptitle(title, x=0.01, ha="left", fontsize=SIZES["title"])
    if note:
        figure.supxlabel(note, x=0.01, ha="left", fontsize=SIZES["small"], color=colour)


def plain_axes(axes: Axes) -> None:
    """Leave two spines and a faint grid."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(visible=True, color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)


def spread_labels(wanted: list[float], gap: float, low: float, high: float) -> list[float]:
    """Return heights near ``wanted`` (in any order) that lie at least ``gap`` apart.

    They stay between ``low`` and ``high`` where there is room.
    """
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    placed = [wanted[place] for place in order]
    for here in range(1, len(placed)):
        placed[here] = max(placed[here], placed[here - 1] + gap)
    if placed and placed[-1] > high:
        placed[-1] = high
        for here in range(len(placed) - 2, -1, -1):
            placed[here] = min(placed[here], placed[here + 1] - gap)
    if placed and placed[0] < low:
        placed = [max(value, low + step * gap) for step, value in enumerate(placed)]
    back = [0.0] * len(wanted)
    for place, value in zip(order, placed, strict=True):
        back[place] = value
    return back


def checked_plot(path: Path, *, or_as: Sequence[str] = ()) -> Path:
    """Return the path of a plot that can be written; say so before the work if it cannot.

    or_as : suffixes of what may be written in its stead, such as "csv"
    """
    suffixes = (*FORMATS, *or_as)
    wanted = f"a plot is written as .{', .'.join(suffixes)}; give one of these"
    return checked_file(path, suffixes=suffixes, wanted=wanted)


def write_figure(
    figure: Figure,
    path: Path,
    *,
    title: str,
    description: str,
    provenance: Mapping[str, Any] | None = None,
) -> None:
    """Write a figure as the file's name asks; the same figure gives the same bytes.

    title, description : for those who do not see it: the alt text, in the file's metadata
    provenance         : where its numbers come from, as ``sim.storage.provenance`` makes
                         it; ``provenance_of_figure`` reads it back. None: a drawing of no results
    """
    kind = checked_plot(path).suffix.lstrip(".").lower()
    try:
        path.write_bytes(figure_content(figure, kind, title, description, provenance))
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from None


def figure_content(
    figure: Figure, kind: str, title: str, description: str, provenance: Mapping[str, Any] | None
) -> bytes:
    """Return the bytes of a figure's file; ``kind`` is one of ``FORMATS``, the rest as above."""
    with style():
        match kind:
            case "svg":
                inside = "" if provenance is None else f"\n {svg_element(provenance)}"
                return _svg(figure, title, description, inside).encode()
            case "html":
                tag = "" if provenance is None else f"\n{html_tag(provenance)}"
                return _page(_svg(figure, title, description), title, description, tag).encode()
            case "png":
                metadata: dict[str, str | None] = {
                    "Title": title,
                    "Description": description,
                    "Software": None,
                }
                key = PNG_KEYWORD
            case _:
                metadata = {
                    "Title": title,
                    "Subject": description,
                    "CreationDate": None,
                    "Producer": None,
                    "Creator": None,
                }
                key = PDF_KEY
        if provenance is not None:
            metadata[key] = as_text(provenance)
        buffer = io.BytesIO()
        figure.savefig(buffer, format=kind, dpi=_DPI, metadata=metadata)
        return buffer.getvalue()


def _svg(figure: Figure, title: str, description: str, more: str = "") -> str:
    buffer = io.StringIO()
    figure.savefig(
        buffer, format="svg", metadata={"Date": None, "Title": title, "Description": description}
    )
    text = buffer.getvalue()
    head = text.index("<svg")
    inside = text.index(">", head) + 1
    words = f"\n <title>{escape(title)}</title>\n <desc>{escape(description)}</desc>{more}"
    opened = text[: inside - 1] + f' role="img" aria-label="{escape(title)}">'
    return opened + words + text[inside:].replace(f"\n <title>{escape(title)}</title>", "", 1)


def _page(svg: str, title: str, description: str, tag: str) -> str:
    drawing = svg[svg.index("<svg") :]
    return (
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"{tag}<title>{escape(title)}</title>\n"
        "<style>body{font:16px/1.5 system-ui,sans-serif;color:#1d2b36;max-width:70em;"
        "margin:2em auto;padding:0 1em}svg{max-width:100%;height:auto}</style></head>\n"
        f"<body>\n<h1>{escape(title)}</h1>\n{drawing}\n<p>{escape(description)}</p>\n"
        "</body>\n</html>\n"
    )
