"""Synthetic sounds: tones, sweeps and drums, their spectrograms, and a player.

A sound is an array of shape (L,) with values from -1 to 1, `RATE` of them for each second. Nothing
here needs a file, a microphone or a sound card.
"""

from __future__ import annotations

import io
import wave
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import ArrayLike, NDArray

Sound = NDArray[np.float64]
RATE = 8000
"""The sample rate in hertz, as on the telephone; it can represent pitches up to half of it."""

KINDS = ("tone", "chord", "rising", "falling", "knock", "hiss")
"""The classes of `make_sounds`; a label is an index into this tuple."""


def tone(
    pitch: float, *, seconds: float = 0.5, overtones: Sequence[float] = (1.0,), rate: int = RATE
) -> Sound:
    """Return a steady tone, faded in and out.

    Args:
        pitch: the fundamental frequency in hertz.
        seconds: the duration.
        overtones: amplitudes of the pitch, twice the pitch, three times the pitch, and so on.
        rate: the sample rate in hertz.

    Returns:
        Shape (L,), from -1 to 1.

    Raises:
        ValueError: the pitch does not lie between 0 and half the rate, or the sound is shorter
            than two samples.
    """
    _require_pitch(pitch, "pitch", rate)
    waves = [
        strength * np.sin(2 * np.pi * pitch * number * _times(seconds, rate))
        for number, strength in enumerate(overtones, start=1)
    ]
    return _faded(np.sum(waves, axis=0), rate)


def sweep(start: float, end: float, *, seconds: float = 0.5, rate: int = RATE) -> Sound:
    """Return a tone that slides from one pitch to another, both in hertz, faded in and out.

    Raises:
        ValueError: a pitch does not lie between 0 and half the rate, or the sound is shorter than
            two samples.
    """
    _require_pitch(start, "start", rate)
    _require_pitch(end, "end", rate)
    times = _times(seconds, rate)
    turns = start * times + (end - start) * times**2 / (2 * seconds)
    return _faded(np.sin(2 * np.pi * turns), rate)


def knock(rng: np.random.Generator, *, seconds: float = 0.5, rate: int = RATE) -> Sound:
    """Return a knock: a burst of noise that decays within a few hundredths of a second.

    Raises:
        ValueError: the sound is shorter than two samples.
    """
    times = _times(seconds, rate)
    return _scaled(rng.normal(size=times.size) * np.exp(-times / 0.03))


def hiss(rng: np.random.Generator, *, seconds: float = 0.5, rate: int = RATE) -> Sound:
    """Return steady noise, whose samples are drawn independently.

    Raises:
        ValueError: the sound is shorter than two samples.
    """
    return _faded(rng.normal(size=_times(seconds, rate).size), rate)


def make_sounds(
    count: int,
    rng: np.random.Generator,
    *,
    seconds: float = 0.5,
    rate: int = RATE,
    noise: float = 0.1,
) -> tuple[Sound, NDArray[np.int64]]:
    """Return labelled sounds of random `KINDS`, pitches, loudness and onsets, with noise.

    Args:
        count: the number of sounds.
        rng: draws classes, pitches, loudness, onsets and noise.
        seconds: the duration of each.
        rate: the sample rate in hertz; pitches lie between a fortieth and a quarter of it.
        noise: the standard deviation of the noise that is added.

    Returns:
        The sounds, shape (count, L), and their classes, indices into `KINDS`, shape (count,).
    """
    labels = rng.integers(0, len(KINDS), count)
    length = round(seconds * rate)
    sounds = noise * rng.normal(size=(count, length))
    for sound, label in zip(sounds, labels, strict=True):
        begin = int(rng.integers(0, length // 2))
        audible = rng.uniform(0.3, 1) * _one(KINDS[label], rng, seconds / 2, rate)
        sound[begin : begin + audible.size] += audible
    return sounds, labels


def _one(kind: str, rng: np.random.Generator, seconds: float, rate: int) -> Sound:
    low = rate / 40 * 4 ** rng.uniform()  # two octaves to begin in
    if kind == "tone":
        return tone(low * 1.5, seconds=seconds, rate=rate)
    if kind == "chord":
        low_tone, high_tone = (tone(p, seconds=seconds, rate=rate) for p in (low, low * 2.5))
        return _scaled(low_tone + high_tone)
    if kind in ("rising", "falling"):
        ends = (low, low * 2.5) if kind == "rising" else (low * 2.5, low)
        return sweep(*ends, seconds=seconds, rate=rate)
    noise = knock if kind == "knock" else hiss
    return noise(rng, seconds=seconds, rate=rate)


def spectrogram(sounds: ArrayLike, *, window: int = 256, hop: int = 128) -> Sound:
    """Return the magnitudes of the short-time Fourier transform.

    Each window is multiplied by a Hann window, which fades both ends, and compared with cosines and
    sines of 0, 1, 2, … periods; then the window moves on by ``hop`` samples.

    Args:
        sounds: shape (..., L).
        window: samples in a window.
        hop: samples from one window to the next.

    Returns:
        Shape (..., frames, window // 2 + 1), at least 0: a row for each time, a column k for the
        pitch ``k * rate / window``.

    Raises:
        ValueError: the sounds are shorter than a window.
    """
    array = np.asarray(sounds, dtype=np.float64)
    if array.shape[-1] < window:
        raise ValueError(f"sounds need {window} samples, one window; got {array.shape[-1]}")
    windows = np.lib.stride_tricks.sliding_window_view(array, window, axis=-1)[..., ::hop, :]
    return np.abs(np.fft.rfft(windows * np.hanning(window), axis=-1))


@dataclass(frozen=True)
class Player:
    """A sound with buttons: shown as the last line of a cell, it can be played in the page.

    Args:
        sound: shape (L,); samples beyond -1 and 1 are clipped.
        label: a caption, also for screen readers.
        rate: the sample rate in hertz.
    """

    sound: Sound
    label: str
    rate: int = RATE

    def wav(self) -> bytes:
        """Return the sound as a WAV file of 16 bits and one channel."""
        samples = np.round(np.clip(self.sound, -1, 1) * 32767).astype("<i2")
        file = io.BytesIO()
        with wave.open(file, "wb") as writer:
            writer.setnchannels(1)
            writer.setsampwidth(2)
            writer.setframerate(self.rate)
            writer.writeframes(samples.tobytes())
        return file.getvalue()

    def __repr__(self) -> str:
        return f"{self.label}: a sound of {self.sound.size / self.rate:.2g} s"

    def _repr_html_(self) -> str:
        source = b64encode(self.wav()).decode("ascii")
        label = escape(self.label, quote=True)
        audio = f'<audio controls aria-label="{label}" src="data:audio/wav;base64,{source}">'
        return f"<figure><figcaption>{label}</figcaption>{audio}</audio></figure>"


def _require_pitch(pitch: float, name: str, rate: int) -> None:
    """Raise unless the pitch is over 0 and below half the sample rate."""
    if not 0 < pitch < rate / 2:
        raise ValueError(
            f"{name} must lie between 0 and {rate / 2:g} hertz, half the rate; got {pitch}"
        )


def _times(seconds: float, rate: int) -> Sound:
    """Return the time of each sample in seconds, starting at 0."""
    if not seconds * rate >= 2:
        raise ValueError(
            f"seconds must be at least {2 / rate:g}, two samples at a rate of {rate}; got {seconds}"
        )
    return np.arange(round(seconds * rate)) / rate


def _faded(sound: Sound, rate: int) -> Sound:
    """Return the sound scaled to -1 to 1 and faded at both ends, which avoids clicks."""
    place = np.arange(sound.size)
    from_ends = np.minimum(place, place[::-1])
    return _scaled(sound) * np.minimum(1, from_ends / (0.01 * rate))


def _scaled(sound: Sound) -> Sound:
    return np.asarray(sound / np.abs(sound).max())
