import av
import numpy as np
import pytest
from factories.sound import id3, id3_picture, id3_text, noise, picture, read, sine, write

from segue.audio import AudioLimits, encode_master
from segue.audio.encode import encode
from segue.errors import Invalid

FRAME_SAMPLES = 1_152
CHORD_HZ = (110, 277.2, 659.3, 1_760, 4_435, 9_000)


@pytest.fixture
def master(tmp_path):
    """The child's own encoding, in this process."""

    def run(source):
        return encode(source, tmp_path / "master.mp3", AudioLimits().seconds_max), tmp_path / "master.mp3"

    return run


@pytest.mark.parametrize(
    ("kind", "rate_hz", "channels", "master_hz", "master_channels"),
    [
        ("flac", 44_100, 2, 44_100, 2),
        ("wav", 32_000, 2, 32_000, 2),
        ("opus", 48_000, 1, 48_000, 1),
        ("wav-s24", 96_000, 2, 48_000, 2),
        ("flac-s24", 88_200, 2, 48_000, 2),
        ("wav-u8", 22_050, 2, 44_100, 2),
        ("wav", 8_000, 1, 48_000, 1),
        ("wav-f32", 48_000, 6, 48_000, 2),
        ("wav", 48_000, 8, 48_000, 2),
    ],
)
def test_a_master_is_the_same_sound_in_a_form_that_plays(
    tmp_path, master, kind, rate_hz, channels, master_hz, master_channels
):
    sound = sine(1.5, rate_hz=rate_hz, channels=channels, hz=440) * 0.9
    facts, path = master(write(tmp_path / "x", sound, kind, rate_hz=rate_hz))

    decoded, decoded_hz = read(path)
    assert (decoded_hz, decoded.shape[1]) == (master_hz, master_channels)
    assert facts.duration_s == pytest.approx(1.5, abs=0.001)
    assert len(decoded) == pytest.approx(1.5 * master_hz, abs=FRAME_SAMPLES)
    assert np.abs(decoded).max() <= 1.01
    with av.open(str(path)) as container:
        assert container.streams.audio[0].bit_rate == 192_000


@pytest.mark.parametrize("channels", [1, 2])
def test_the_loudness_is_left_alone(tmp_path, measured, master, channels):
    source = write(
        tmp_path / "x.flac", sum(sine(3, channels=channels, hz=hz, amplitude=0.1) for hz in CHORD_HZ), "flac"
    )
    _, path = master(source)
    before, after = measured(source), measured(path)
    assert after.loudness_lufs == pytest.approx(before.loudness_lufs, abs=0.05)


@pytest.mark.parametrize("xing", ["1", "0"])
def test_an_mp3_keeps_its_frames(tmp_path, master, xing):
    source = write(tmp_path / "x.mp3", noise(3), "mp3", bit_rate_bps=320_000, muxer_options={"write_xing": xing})
    facts, path = master(source)
    before, after = read(source)[0], read(path)[0]
    skipped = 0 if xing == "1" else len(before) - len(after)  # without a header nobody knew of the encoder's delay
    assert 0 <= skipped <= FRAME_SAMPLES
    assert np.array_equal(before[skipped:], after)
    assert facts.duration_s == pytest.approx(3, abs=0.06)


@pytest.mark.parametrize("kind", ["flac", "mp3"])
def test_nothing_but_the_sound_goes_over(tmp_path, master, kind):
    source = write(tmp_path / "x", noise(1), kind, tags={"title": "hidden", "comment": "hidden"})
    if kind == "mp3":
        tag = id3({"TIT2": id3_text("hidden"), "APIC": id3_picture(picture(99, 99))})
        source.write_bytes(tag + source.read_bytes() + b"TAG" + b"hidden".ljust(125))
    _, path = master(source)
    file = path.read_bytes()
    assert file[:2] == b"\xff\xfb"  # a frame of MPEG-1 Layer III, and no ID3 before it
    assert b"hidden" not in file
    assert b"PNG" not in file
    assert b"TAG" not in file[-128:]


@pytest.mark.parametrize(("kind", "options"), [("flac", {}), ("mp3", {}), ("mp3", {"write_xing": "0"})])
def test_a_browser_can_seek_in_it(tmp_path, master, kind, options):
    sound = noise(6, amplitude=0.1)
    sound[: 44_100 * 4] *= 0.01
    _, path = master(write(tmp_path / "x", sound, kind, muxer_options=options))
    start = path.read_bytes()[:200]
    assert b"Info" in start or b"Xing" in start
    with av.open(str(path)) as container:
        assert container.duration / 1_000_000 == pytest.approx(6, abs=0.1)
        container.seek(5_000_000)
        frames = list(container.decode(audio=0))
    assert frames[0].time == pytest.approx(5, abs=0.2)
    assert np.abs(frames[5].to_ndarray()).max() > 0.05  # the first few lack the bits that their forerunners held


@pytest.mark.parametrize("kind", ["flac", "mp3"])
async def test_the_child_makes_the_same_master(tmp_path, master, kind):
    source = write(tmp_path / "x", noise(1), kind)
    here, path = master(source)
    assert await encode_master(source, tmp_path / "child.mp3") == here
    assert (tmp_path / "child.mp3").read_bytes() == path.read_bytes()
    assert here.mime_type == "audio/mpeg"


async def test_a_bad_source_leaves_no_master(tmp_path):
    source = write(tmp_path / "x.wav", noise(3))
    source.write_bytes(source.read_bytes()[: 44_100 * 4])
    with pytest.raises(Invalid, match=r"^That file ends after 0 of 3 seconds: it looks cut off\.$"):
        await encode_master(source, tmp_path / "master.mp3")
    assert not (tmp_path / "master.mp3").exists()


async def test_a_master_may_not_grow_past_its_limit(tmp_path):
    source = write(tmp_path / "x.wav", noise(5))
    with pytest.raises(Invalid, match=r"^That file would become larger than one file may be\.$"):
        await encode_master(source, tmp_path / "master.mp3", AudioLimits(output_bytes_max=20_000))
    assert not (tmp_path / "master.mp3").exists()
