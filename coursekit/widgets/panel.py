"""Controls with a picture that follows them, stored in the notebook as a plain image."""

from __future__ import annotations

import base64
import html
import io
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from coursekit.plots.style import text_alternative

DPI = 80

Draw = Callable[..., None]
"""Draws on an empty figure; takes the figure, and each control's value by its name."""


class Panel:
    """A picture drawn anew whenever a control changes.

    If ``draw`` raises for the first picture, so does the panel. If it raises after a control has
    changed, the traceback is shown in place of the picture until it succeeds again.

    In a notebook, put the panel on a cell's last line. It has two forms: the live controls, and a
    PNG image for readers without a kernel, which is stored in the notebook. ``text`` describes the
    current picture in words.

    Args:
        draw: draws the picture.
        controls: ipywidgets controls by the names of ``draw``'s arguments; each has a ``value``.
        size: the picture's width and height in inches.
        extra: controls that only change others, such as a player; they are placed below.
    """

    def __init__(
        self,
        draw: Draw,
        controls: Mapping[str, Any],
        *,
        size: tuple[float, float] = (7.2, 4.4),
        extra: Sequence[Any] = (),
    ) -> None:
        self.controls = dict(controls)
        self._draw, self._size = draw, size
        self._shown = ipywidgets.HTML()
        for control in self.controls.values():
            control.observe(self._follow, "value")
        for knob in [*self.controls.values(), *extra]:
            if knob.tooltip is None:  # or "null" would hover over the label
                knob.tooltip = getattr(knob, "description", "")
        knobs = ipywidgets.VBox([*self.controls.values(), *extra])
        self.box = ipywidgets.HBox([knobs, self._shown], layout={"flex_flow": "row wrap"})
        self._follow()

    def _follow(self, change: object = None) -> None:
        try:
            png, self.text = self._picture()
        except Exception:
            if change is None:
                raise
            # Else it would go to JupyterLab's log, and the previous picture would stay.
            self.png, self.text = "", traceback.format_exc()
            self._shown.value = f'<pre role="alert">{html.escape(self.text)}</pre>'
            return
        data = base64.b64encode(png).decode()
        self.png = data
        alt = html.escape(self.text, quote=True)
        self._shown.value = f'<img alt="{alt}" src="data:image/png;base64,{data}">'

    def _picture(self) -> tuple[bytes, str]:
        """Return the picture as PNG, and its text alternative."""
        figure = Figure(figsize=self._size, dpi=DPI, layout="constrained")
        self._draw(figure, **{name: knob.value for name, knob in self.controls.items()})
        stream = io.BytesIO()
        canvas: Any = FigureCanvasAgg(figure)
        canvas.print_png(stream)  # draws once, where savefig would do it twice
        described = [
            ax for ax in figure.axes if not str(ax.get_label()).startswith("<")
        ]  # no colour bars
        return stream.getvalue(), text_alternative(described)

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        """Return all forms for Jupyter, whose front end chooses the live one if it can."""
        live = dict(self.box._repr_mimebundle_(**options))
        still = {"image/png": self.png} if self.png else {}
        return {**live, **still, "text/plain": self.text}
