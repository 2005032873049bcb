import pytest
from factories.sound import FORMATS, noise, riff, sine, write

from segue.audio import WAVEFORM_NAME

#         kind        container codec        mime type     extension browser
TABLE = [
    ("wav", "wav", "pcm_s16le", "audio/wav", ".wav", True),
    ("wav-u8", "wav", "pcm_u8", "audio/wav", ".wav", True),
    ("wav-s24", "wav", "pcm_s24le", "audio/wav", ".wav", True),
    ("wav-f32", "wav", "pcm_f32le", "audio/wav", ".wav", True),
    ("wav-f64", "wav", "pcm_f64le", "audio/wav", ".wav", False),
    ("flac", "flac", "flac", "audio/flac", ".flac", True),
    ("flac-s24", "flac", "flac", "audio/flac", ".flac", True),
    ("mp3", "mp3", "mp3", "audio/mpeg", ".mp3", True),
    ("vorbis", "ogg", "vorbis", "audio/ogg", ".ogg", True),
    ("opus", "ogg", "opus", "audio/ogg", ".opus", True),
    ("ogg-flac", "ogg", "flac", "audio/ogg", ".oga", False),
    ("aac", "m4a", "aac", "audio/mp4", ".m4a", True),
    ("alac", "m4a", "alac", "audio/mp4", ".m4a", False),
    ("adts", "adts", "aac", "audio/aac", ".aac", False),
    ("aiff", "aiff", "pcm_s16be", "audio/aiff", ".aiff", False),
]


def test_the_table_names_every_format():
    assert [row[0] for row in TABLE] == list(FORMATS)


@pytest.mark.parametrize(("kind", "container", "codec", "mime_type", "extension", "playable"), TABLE)
async def test_each_format_is_known_by_its_content_and_measured(
    tmp_path, into, inspected, kind, container, codec, mime_type, extension, playable
):
    rate_hz = 48_000 if kind == "opus" else 44_100
    tags = {"title": "Évidence", "artist": "Ada"}
    path = write(
        tmp_path / "upload", sine(1.5, rate_hz=rate_hz), kind, rate_hz=rate_hz, tags=tags, bit_rate_bps=192_000
    )

    facts = await inspected(path)

    assert (facts.container, facts.codec, facts.mime_type) == (container, codec, mime_type)
    assert (facts.extension, facts.browser_playable) == (extension, playable)
    assert (facts.sample_rate_hz, facts.channels) == (rate_hz, 2)
    lossless = codec.startswith("pcm") or codec in {"flac", "alac"}
    assert facts.duration_s == pytest.approx(1.5, abs=1e-9 if lossless else 0.06)
    assert facts.loudness_lufs == pytest.approx(-6.0, abs=0.3)
    assert facts.true_peak_dbtp == pytest.approx(-6.0, abs=1.0 if codec == "aac" else 0.6)
    assert facts.bit_rate_bps > 8_000
    assert (into / WAVEFORM_NAME).exists()
    if kind in {"wav", "flac", "mp3", "vorbis", "opus", "aac", "alac"}:
        assert (facts.tags["title"], facts.tags["artist"]) == ("Évidence", "Ada")


@pytest.mark.parametrize(
    ("kind", "rate_hz", "channels"),
    [("flac", 96_000, 2), ("wav-s24", 192_000, 1), ("wav", 8_000, 1), ("flac", 48_000, 6), ("wav-f32", 44_100, 8)],
)
def test_rates_and_channels_inside_the_limits(tmp_path, measured, kind, rate_hz, channels):
    path = write(tmp_path / "x", noise(0.6, rate_hz=rate_hz, channels=channels), kind, rate_hz=rate_hz)
    facts = measured(path)
    assert (facts.sample_rate_hz, facts.channels, facts.duration_s) == (rate_hz, channels, 0.6)
    assert facts.loudness_lufs is not None


@pytest.mark.parametrize(("content", "name"), [("mp3", "song.wav"), ("flac", "song.mp3"), ("wav", "http:song.ogg")])
def test_the_name_of_a_file_says_nothing(tmp_path, measured, content, name):
    facts = measured(write(tmp_path / name, sine(0.5), content))
    assert facts.extension == FORMATS[content].extension


def test_one_sample_is_a_sound_without_loudness(tmp_path, measured):
    facts = measured(write(tmp_path / "x.wav", sine(1 / 44_100, phase=1.0)))
    assert facts.duration_s == pytest.approx(1 / 44_100)
    assert facts.loudness_lufs is None
    assert facts.bit_rate_bps is None


@pytest.mark.parametrize("claim", [0xFFFF_FFFF, 0x7FFF_F000, 0])
def test_a_wav_that_was_streamed_claims_nothing(tmp_path, measured, claim):
    path = tmp_path / "streamed.wav"
    path.write_bytes(riff(data=bytes(44_100 * 4), data_bytes=claim))
    assert measured(path).duration_s == 1.0
