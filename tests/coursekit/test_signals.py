"""Sounds: their pitches, lengths and kinds, the spectrogram, the player."""

import io
import wave

import numpy as np
import pytest
from scipy import signal

from coursekit import signals


def loudest(sound, rate=signals.RATE):
    """The strongest pitch of a sound, in hertz, by one transform of the whole."""
    strength = np.abs(np.fft.rfft(sound * np.hanning(sound.size)))
    return strength.argmax() * rate / sound.size


@pytest.mark.parametrize("pitch", [220, 440, 1000])
def test_a_tone_has_its_pitch_its_length_and_no_click(pitch):
    sound = signals.tone(pitch, seconds=0.5)
    assert sound.shape == (4000,)
    assert loudest(sound) == pytest.approx(pitch, abs=2)
    assert abs(sound).max() <= 1
    assert abs(sound[[0, -1]]).max() < 0.02


def test_overtones_stand_at_whole_multiples_of_the_pitch():
    sound = signals.tone(200, overtones=(0, 0, 1.0))
    assert loudest(sound) == pytest.approx(600, abs=2)


def test_a_sweep_begins_and_ends_at_its_pitches():
    rising = signals.sweep(300, 1500, seconds=1.0)
    assert loudest(rising[:800]) == pytest.approx(360, abs=60)
    assert loudest(rising[-800:]) == pytest.approx(1440, abs=60)


def test_a_knock_dies_away_and_a_hiss_goes_on():
    rng = np.random.default_rng(0)
    knock, hiss = signals.knock(rng), signals.hiss(rng)
    early, late = slice(0, 800), slice(3000, 3800)
    assert knock[early].std() > 20 * knock[late].std()
    assert 0.8 < hiss[early].std() / hiss[late].std() < 1.25


def test_the_spectrogram_is_that_of_scipy():
    sounds = np.random.default_rng(1).normal(size=(2, 3, 1000))
    transform = signal.ShortTimeFFT(np.hanning(64), hop=32, fs=1)
    whole_windows = transform.stft(sounds, p0=1, p1=31)  # its first window is centred on sample 0
    ours = signals.spectrogram(sounds, window=64, hop=32)
    assert ours.shape == (2, 3, 30, 33)
    np.testing.assert_allclose(ours, np.abs(whole_windows).swapaxes(-1, -2), atol=1e-9)


def test_a_sound_shorter_than_a_window_is_refused():
    with pytest.raises(ValueError, match="256 samples, one window; got 100"):
        signals.spectrogram(np.zeros(100))


def test_made_sounds_are_of_all_kinds_and_the_seed_decides():
    sounds, labels = signals.make_sounds(60, np.random.default_rng(2), seconds=0.25, rate=4000)
    assert sounds.shape == (60, 1000)
    assert set(labels) == set(range(len(signals.KINDS)))
    again, same = signals.make_sounds(60, np.random.default_rng(2), seconds=0.25, rate=4000)
    np.testing.assert_array_equal(sounds, again)
    np.testing.assert_array_equal(labels, same)


def test_rising_sounds_rise_and_falling_ones_fall():
    sounds, labels = signals.make_sounds(200, np.random.default_rng(3), noise=0.0)
    for kind, sign in (("rising", 1), ("falling", -1)):
        for sound in sounds[labels == signals.KINDS.index(kind)]:
            heard = sound[np.flatnonzero(sound)]
            half = heard.size // 2
            assert sign * (loudest(heard[half:]) - loudest(heard[:half])) > 0


def test_a_player_holds_the_sound_as_a_wav_file_and_is_named():
    player = signals.Player(signals.tone(440), "a <low> tone")
    with wave.open(io.BytesIO(player.wav())) as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (1, 8000, 4000)
        samples = np.frombuffer(file.readframes(4000), "<i2") / 32767
    np.testing.assert_allclose(samples, player.sound, atol=1e-4)
    assert repr(player) == "a <low> tone: a sound of 0.5 s"
    page = player._repr_html_()
    assert 'aria-label="a &lt;low&gt; tone"' in page
    assert "<low>" not in page


def test_what_is_too_loud_is_cut_off_and_does_not_wrap_round():
    loud = signals.Player(np.array([0.0, 2.0, -2.0]), "loud").wav()
    assert list(np.frombuffer(loud[-6:], "<i2")) == [0, 32767, -32767]


@pytest.mark.parametrize("pitch", [0, -440, 4000, 5000, np.nan])
def test_a_pitch_that_the_samples_cannot_hold_is_refused_by_name(pitch):
    limits = f"between 0 and 4000 hertz, half the rate; got {pitch}"
    with pytest.raises(ValueError, match=f"pitch must lie {limits}"):
        signals.tone(pitch)
    with pytest.raises(ValueError, match=f"start must lie {limits}"):
        signals.sweep(pitch, 440)
    with pytest.raises(ValueError, match=f"end must lie {limits}"):
        signals.sweep(440, pitch)


@pytest.mark.parametrize("seconds", [0, -1, 1 / 8000])
@pytest.mark.parametrize(
    "make",
    [
        lambda **length: signals.tone(440, **length),
        lambda **length: signals.sweep(440, 880, **length),
        lambda **length: signals.knock(np.random.default_rng(0), **length),
        lambda **length: signals.hiss(np.random.default_rng(0), **length),
    ],
)
def test_a_sound_of_fewer_than_two_samples_is_refused(make, seconds):
    with pytest.raises(ValueError, match=f"seconds must be at least 0.00025.* got {seconds}"):
        make(seconds=seconds)
    assert np.isfinite(make(seconds=2 / 8000)).all()
