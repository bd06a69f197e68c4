"""Spectrograms: the frequencies of a sound over time."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from coursekit.plots import style


def show_spectrogram(
    magnitudes: Any,
    *,
    rate: int,
    hop: int = 128,
    ax: Axes | None = None,
    title: str = "Spectrogram",
) -> Axes:
    """Show a spectrogram in decibels, brighter where a frequency is stronger.

    Decibels are relative to the largest magnitude; 60 dB or more below it is darkest.

    Args:
        magnitudes: shape (frames, frequencies), of one sound, from
            `coursekit.signals.spectrogram`.
        rate: the sound's sample rate in hertz.
        hop: samples from one frame to the next.
        ax: Axes to draw on; a new figure if not given.
        title: the heading.

    Returns:
        The Axes; `text_alternative` describes them in words.

    Raises:
        ValueError: the magnitudes have another shape.

    Examples:
        >>> from coursekit import plots, signals
        >>> sound = signals.tone(440.0, seconds=0.5)
        >>> ax = plots.show_spectrogram(signals.spectrogram(sound), rate=signals.RATE)
        >>> ax.get_xlabel(), ax.get_ylabel()
        ('seconds', 'pitch (Hz)')
    """
    values = np.asarray(magnitudes)
    if values.ndim != 2 or not values.size:
        raise ValueError(
            f"magnitudes must have shape (frames, pitches); got {values.shape}. "
            f"Take one sound of the batch: magnitudes[0]."
        )
    ax = ax or style.new_axes(5, 3.2)
    seconds, highest = len(values) * hop / rate, rate / 2
    loudness = 20 * np.log10(np.maximum(values / max(values.max(), 1e-12), 1e-3))
    extent = (0, seconds, 0, highest)
    ax.imshow(loudness.T, origin="lower", aspect="auto", cmap=style.POSITIVE, extent=extent)
    ax.set(xlabel="seconds", ylabel="pitch (Hz)")
    ax.set_title(title, fontsize="medium")
    place = int(values.sum(axis=0).argmax())
    strongest = place * highest / max(values.shape[1] - 1, 1)
    text = f"spectrogram of {seconds:.2g} s, pitches to {highest:g} Hz, strongest {strongest:.0f}"
    return style.describe_axes(ax, f"{title}: {text} Hz")
