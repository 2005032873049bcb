"""Seeds that are read and masters that are written."""

import av
import numpy as np
import pytest
from factories import sound as made
from hypothesis import given, settings
from hypothesis import strategies as st

from segue.engines import EngineFailed
from segue.engines.adapters import sound


@pytest.mark.parametrize("channels", [1, 2])
def test_a_master_is_flac_with_24_bits_and_says_what_was_written(tmp_path, channels):
    samples = made.noise(0.5, rate_hz=48_000, channels=channels, amplitude=0.2).T.astype(np.float32)
    sound.write(tmp_path / "master.flac", samples, 48_000, "It")
    with av.open(str(tmp_path / "master.flac")) as container:
        stream = container.streams.audio[0]
        assert (stream.codec_context.name, stream.rate, stream.channels) == ("flac", 48_000, channels)
    header = (tmp_path / "master.flac").read_bytes()
    assert ((header[20] & 1) << 4 | header[21] >> 4) + 1 == 24, "bits a sample, as STREAMINFO says"
    again = sound.read(tmp_path / "master.flac", 48_000, channels, seconds_max=10)
    assert again.shape == samples.shape
    assert np.abs(again - samples).max() < 2**-22, "finer than 16 bits are"


@settings(max_examples=30)
@given(peak=st.floats(0.01, 20), count=st.integers(1, 9_000))
def test_what_would_clip_is_made_quieter_as_a_whole(tmp_path_factory, peak, count):
    path = tmp_path_factory.mktemp("sound") / "master.flac"
    samples = np.linspace(-peak, peak, count, dtype=np.float32)[None]
    sound.write(path, samples, 44_100, "It")
    again = sound.read(path, 44_100, 1, seconds_max=10)
    assert again.shape == samples.shape
    assert np.abs(again - samples / max(1.0, np.abs(samples).max())).max() < 2**-20


@pytest.mark.parametrize("samples", [np.zeros((2, 0)), np.array([[0.0, np.nan]]), np.array([[np.inf]])])
def test_what_is_no_sound_is_not_written(tmp_path, samples):
    with pytest.raises(EngineFailed, match=r"^It could not make this piece\.$"):
        sound.write(tmp_path / "master.flac", samples, 44_100, "It")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["wav", "flac", "mp3", "opus"])
@pytest.mark.parametrize(("channels", "wanted"), [(1, 2), (2, 1), (2, 2)])
def test_a_seed_of_any_kind_is_read_at_the_rate_of_the_model(tmp_path, kind, channels, wanted):
    path = made.write(tmp_path / "seed", made.sine(2.0, rate_hz=48_000, channels=channels), kind, rate_hz=48_000)
    samples = sound.read(path, 32_000, wanted, seconds_max=60)
    assert samples.dtype == np.float32
    assert samples.shape[0] == wanted
    assert abs(samples.shape[1] - 64_000) < 3_200
    assert 0.45 < np.abs(samples[:, 4_000:-4_000]).max() < 0.55, "as loud as it was"


def test_no_more_of_a_seed_is_read_than_is_needed(tmp_path):
    path = made.write(tmp_path / "seed.wav", made.sine(9.0), "wav")
    assert sound.read(path, 44_100, 2, seconds_max=1.5).shape == (2, 66_150)


@pytest.mark.parametrize("content", [b"", b"no sound", b"RIFF\xff\xff\xff\xffWAVE"])
def test_a_seed_without_sound_is_told(tmp_path, content):
    (tmp_path / "seed.wav").write_bytes(content)
    with pytest.raises(EngineFailed, match=r"^The piece to go on from cannot be read\.$"):
        sound.read(tmp_path / "seed.wav", 44_100, 2, seconds_max=60)
