"""A chart for the browser, as a Plotly figure in the page's colours.

State: none.
"""

from collections.abc import Sequence

import plotly.graph_objects as go

from sim.charts.plot import Axis, Bars, Curve, Dots, Kind, Plot, log_ticks, shown

LIGHT: dict[Kind, str] = {
    "benefit": "#0b7a75",
    "harm": "#b5490f",
    "neutral": "#1d2b36",
    "quiet": "#6b7780",
}
DARK: dict[Kind, str] = {
    "benefit": "#4fc3bc",
    "harm": "#f0935a",
    "neutral": "#e8edf0",
    "quiet": "#93a1ab",
}
CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}
FONT = '"Source Sans", system-ui, sans-serif'  # the page's own
_BAND = 0.18  # how much of its colour a band keeps


def page_figure(plot: Plot, *, is_dark: bool = False) -> go.Figure:
    """Return the figure; its title is left to the page, which sets it as text.

    Trace ``k`` of a mark that can be pointed at has the mark's place as ``meta`` and the number of
    the point within it as ``customdata``.
    """
    colours = DARK if is_dark else LIGHT
    figure = go.Figure()
    for place, mark in enumerate(plot.marks):
        if isinstance(mark, Curve):
            _add_curve(figure, mark, colours[mark.kind], plot)
        elif isinstance(mark, Bars):
            _add_bars(figure, mark, colours[mark.kind])
        else:
            _add_dots(figure, mark, colours[mark.kind], place, plot)
    figure.update_layout(
        height=plot.height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        dragmode=False,
        hovermode="closest",
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0},
        font={"size": 14, "color": colours["neutral"], "family": FONT},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    grid = "#34424c" if is_dark else "#d5dce1"
    figure.update_xaxes(**_axis(plot.across, grid, shown(plot, "x")))
    figure.update_yaxes(**_axis(plot.up, grid, shown(plot, "y")))
    if plot.ticks:
        figure.update_yaxes(tickvals=list(plot.ticks), ticktext=_lines(plot))
    return figure


def _lines(plot: Plot) -> list[str]:
    return [name.replace("\n", "<br>") for name in plot.ticks.values()]


def _axis(axis: Axis, grid: str, values: Sequence[float]) -> dict[str, object]:
    asked: dict[str, object] = {
        "title": axis.title,
        "type": "log" if axis.is_log else "linear",
        "gridcolor": grid,
        "zeroline": False,
        "automargin": True,
        "fixedrange": True,
    }
    if axis.ends is not None and not axis.is_log:
        asked["range"] = list(axis.ends)
    if axis.is_log:
        places = log_ticks(values)
        asked |= {"tickvals": places, "ticktext": [f"{place:,g}" for place in places]}
    return asked


def _add_curve(figure: go.Figure, mark: Curve, colour: str, plot: Plot) -> None:
    if mark.low:
        figure.add_trace(
            go.Scatter(
                x=[*mark.x, *reversed(mark.x)],
                y=[*mark.high, *reversed(mark.low)],
                mode="lines",
                fill="toself",
                fillcolor=_pale(colour),
                line={"width": 0},
                hoverinfo="skip",
                showlegend=False,
            )
        )
    words = [
        f"{mark.name}<br>{plot.across.name}: %{{x:.3g}}<br>{plot.up.name}: %{{y:.2g}}"
        + (f" ({low:.2g} to {high:.2g})" if mark.low else "")
        for low, high in (
            zip(mark.low, mark.high, strict=True) if mark.low else [(0.0, 0.0)] * len(mark.x)
        )
    ]
    figure.add_trace(
        go.Scatter(
            x=list(mark.x),
            y=list(mark.y),
            name=mark.name,
            mode="lines",
            line={"color": colour, "width": 2, "dash": mark.dash},
            hovertemplate=[f"{each}<extra></extra>" for each in words],
        )
    )


def _add_bars(figure: go.Figure, mark: Bars, colour: str) -> None:
    figure.add_trace(
        go.Bar(
            x=[end - start for start, end in zip(mark.start, mark.end, strict=True)],
            base=list(mark.start),
            y=list(mark.y),
            orientation="h",
            width=0.5,
            name=mark.name,
            text=list(mark.names),
            textposition="none",
            marker={"color": _pale(colour), "line": {"color": colour, "width": 1}},
            hovertemplate="%{text}<extra></extra>",
        )
    )


def _add_dots(figure: go.Figure, mark: Dots, colour: str, place: int, plot: Plot) -> None:
    names = list(mark.names) or [mark.name] * len(mark.x)
    up = "" if plot.ticks else f"<br>{plot.up.name}: %{{y:.3g}}"
    figure.add_trace(
        go.Scatter(
            x=list(mark.x),
            y=list(mark.y),
            name=mark.name,
            mode="markers",
            meta=place,
            customdata=list(range(len(mark.x))),
            text=names,
            marker={"color": colour, "size": mark.size, "symbol": mark.sign, "opacity": 1.0},
            error_x=_error(mark.x, mark.left, mark.right, colour),
            error_y=_error(mark.y, mark.low, mark.high, colour),
            hovertemplate=f"%{{text}}<br>{plot.across.name}: %{{x:.3g}}{up}<extra></extra>",
        )
    )


def _error(values: object, low: object, high: object, colour: str) -> dict[str, object] | None:
    if not low:
        return None
    middle, ends = list(values), (list(low), list(high))  # type: ignore[call-overload]
    return {
        "type": "data",
        "symmetric": False,
        "array": [top - value for value, top in zip(middle, ends[1], strict=True)],
        "arrayminus": [value - bottom for value, bottom in zip(middle, ends[0], strict=True)],
        "color": colour,
        "thickness": 1.2,
        "width": 0,
    }


def _pale(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{_BAND})"
