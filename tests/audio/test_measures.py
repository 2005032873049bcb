import struct
from contextlib import suppress

import av
import numpy as np
import pytest
from factories.sound import noise, silence, sine, write
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from segue.audio import WAVEFORM_NAME
from segue.audio.true_peak import PHASES, TruePeak
from segue.audio.waveform import Waveform

FULL_MONO_LUFS = -3.01  # BS.1770-5: 997 Hz at 0 dBFS in one front channel


@pytest.mark.parametrize("rate_hz", [44_100, 48_000, 96_000])
@pytest.mark.parametrize(("channels", "more_lu"), [(1, 0.0), (2, 3.01)])
def test_loudness_of_the_reference_sine(tmp_path, measured, rate_hz, channels, more_lu):
    sound = sine(1.5, rate_hz=rate_hz, channels=channels, amplitude=1)
    facts = measured(write(tmp_path / "x.wav", sound, "wav-s24", rate_hz=rate_hz))
    assert facts.loudness_lufs == pytest.approx(FULL_MONO_LUFS + more_lu, abs=0.1)


@pytest.mark.parametrize(("channel", "lufs"), [(0, FULL_MONO_LUFS), (3, None), (4, FULL_MONO_LUFS + 1.5)])
def test_surround_counts_more_and_the_low_frequency_channel_nothing(tmp_path, measured, channel, lufs):
    sound = np.zeros((48_000 * 2, 6))
    sound[:, channel] = sine(2, rate_hz=48_000, channels=1, amplitude=1)[:, 0]
    facts = measured(write(tmp_path / "x.wav", sound, rate_hz=48_000))
    assert facts.loudness_lufs == (lufs and pytest.approx(lufs, abs=0.1))


@pytest.mark.parametrize("kind", ["wav", "flac", "mp3"])
def test_silence_has_no_loudness_and_no_peak(tmp_path, into, measured, kind):
    facts = measured(write(tmp_path / "x", silence(1), kind))
    assert (facts.loudness_lufs, facts.true_peak_dbtp) == (None, None)
    assert set((into / WAVEFORM_NAME).read_bytes()[24:]) == {0}


def test_samples_that_are_no_numbers_are_not_measured(tmp_path, measured):
    sound = sine(1)
    sound[100:200] = np.nan
    facts = measured(write(tmp_path / "x.wav", sound, "wav-f32"))
    assert facts.duration_s == 1.0


@pytest.mark.parametrize("amplitude", [1.0, 0.25])
def test_a_peak_between_two_samples_is_found(tmp_path, measured, amplitude):
    # A quarter of the rate at 45 degrees: no sample is above 0.707, the sound is.
    sound = sine(0.5, rate_hz=48_000, hz=12_000, phase=np.pi / 4, amplitude=amplitude)
    facts = measured(write(tmp_path / "x.wav", sound, "wav-f32", rate_hz=48_000))
    assert facts.true_peak_dbtp == pytest.approx(20 * np.log10(amplitude), abs=0.3)


def test_the_true_peak_agrees_with_another_meter(tmp_path, measured):
    sound = np.apply_along_axis(np.convolve, 0, noise(2, rate_hz=48_000, amplitude=0.3), np.hanning(8) / 4, "same")
    path = write(tmp_path / "x.wav", sound, rate_hz=48_000)
    assert (measured(path)).true_peak_dbtp == pytest.approx(_ebur128_peak_dbtp(path), abs=0.2)


def _ebur128_peak_dbtp(path):
    graph, peak = av.filter.Graph(), 0.0
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        nodes = (
            graph.add_abuffer(template=stream),
            graph.add("ebur128", "metadata=1:peak=true"),
            graph.add("abuffersink"),
        )
        graph.link_nodes(*nodes).configure()
        for frame in container.decode(stream):
            graph.push(frame)
        graph.push(None)
        with suppress(EOFError):
            while True:
                peak = float(graph.pull().metadata.get("lavfi.r128.true_peak", peak))
    return 20 * np.log10(peak)


LOUD_AND_QUIET = st.sampled_from([0, 1, -7, 900, 20_000, -32_768, 32_767])


@given(
    sound=arrays.arrays(np.int16, st.tuples(st.integers(1, 200), st.integers(1, 3)), elements=LOUD_AND_QUIET),
    cut=st.integers(0, 200),
)
def test_leaving_out_what_cannot_matter_changes_no_true_peak(sound, cut):
    meter = TruePeak()
    for block in (sound[:cut], sound[cut:]):
        if len(block):
            meter.add(block)
    oversampled = [np.convolve(channel, phase) for channel in sound.T / 32_768 for phase in PHASES]
    peak = max(np.abs(sound / 32_768).max(), *(np.abs(one).max() for one in oversampled))
    expected = 20 * np.log10(peak) if peak else None
    assert meter.peak_dbtp() == (expected and pytest.approx(expected, abs=1e-4))


def test_the_waveform_is_in_the_format_of_audiowaveform(tmp_path, into, measured):
    sound = np.zeros((2_000, 2))
    sound[600] = 1.0, 0.5  # second point, mean of the channels 0.75
    sound[1_999] = -1.0, -1.0  # fourth point, which is not full
    measured(write(tmp_path / "x.wav", sound))

    file = (into / WAVEFORM_NAME).read_bytes()

    assert struct.unpack("<iIiiIi", file[:24]) == (2, 1, 44_100, 512, 4, 1)
    pairs = list(struct.iter_unpack("bb", file[24:]))
    assert pairs == [(0, 0), (0, 95), (0, 0), (-128, 0)]


@pytest.mark.parametrize("kind", ["wav-u8", "wav-s24", "wav-f32", "wav-f64", "mp3"])
def test_every_sample_format_draws_the_same_waveform(tmp_path, into, measured, kind):
    measured(write(tmp_path / "x", sine(0.5, amplitude=0.5), kind, bit_rate_bps=320_000))
    pairs = np.frombuffer((into / WAVEFORM_NAME).read_bytes()[24:], np.int8).reshape(-1, 2)[2:-2]
    assert pairs[:, 1] == pytest.approx(64, abs=2)
    assert pairs[:, 0] == pytest.approx(-64, abs=2)


@given(arrays.arrays(np.int16, st.tuples(st.integers(1, 1_500), st.integers(1, 3))))
def test_a_waveform_holds_the_extremes_of_every_point(tmp_path_factory, sound):
    waveform, path = Waveform(), tmp_path_factory.getbasetemp() / "property.dat"
    waveform.add(sound)
    waveform.write(path, 8_000)
    pairs = np.frombuffer(path.read_bytes()[24:], np.int8).reshape(-1, 2)
    mono = sound.mean(axis=1) / 256
    points = [mono[start : start + 512] for start in range(0, len(mono), 512)]
    assert pairs[:, 0].tolist() == [int(point.min()) for point in points]
    assert pairs[:, 1].tolist() == [int(point.max()) for point in points]
