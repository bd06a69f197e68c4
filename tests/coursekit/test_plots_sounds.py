"""The picture of a spectrogram: time across, pitch upwards, the strongest one bright."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from coursekit import plots, signals


def test_time_runs_across_and_pitch_upwards():
    magnitudes = signals.spectrogram(signals.tone(1000))
    ax = plots.show_spectrogram(magnitudes, rate=signals.RATE, title="a tone")
    picture = np.asarray(ax.images[0].get_array())
    assert picture.shape == magnitudes.T.shape
    assert picture[:, 10].argmax() == 32  # 1000 Hz: 32 periods in a window of 256
    assert ax.images[0].origin == "lower"
    assert ax.images[0].get_extent()[2:] == [0, 4000]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("seconds", "pitch (Hz)")
    assert "a tone: spectrogram of" in plots.text_alternative(ax)
    assert "strongest 1000 Hz" in plots.text_alternative(ax)


def test_given_axes_are_drawn_on_and_silence_can_be_shown():
    ax = plt.subplots()[1]
    assert plots.show_spectrogram(np.zeros((5, 9)), rate=8000, ax=ax) is ax


def test_several_sounds_at_once_are_refused():
    with pytest.raises(ValueError, match=r"Take one sound of the batch: magnitudes\[0\]"):
        plots.show_spectrogram(np.zeros((2, 5, 9)), rate=8000)
