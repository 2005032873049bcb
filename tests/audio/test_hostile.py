"""Files that are broken, that lie, or that attack: each is refused with one sentence, or read for what it really is."""

import asyncio
import io
import json
import os
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import av
import numpy as np
import pytest
from factories.sound import RATE_HZ, id3, noise, picture, riff, silence, sine, write

from segue.audio import AudioLimits, inspect
from segue.errors import Invalid

NOT_SOUND = "That is not a sound file of a kind that is read here: WAV, FLAC, MP3, Ogg, M4A, AIFF or AAC."
DAMAGED = "Too much of that file is damaged to be played."
KEPT_NOTHING = " Nothing was stored."


@pytest.fixture
def refused(tmp_path):
    """The sentence about each of these files, all of which have to be refused and to leave nothing behind."""

    async def sentence(path, **limits) -> str:
        into = tmp_path / f"into {path.name}"
        into.mkdir()
        with pytest.raises(Invalid) as failure:
            await inspect(path, into, AudioLimits(**limits))
        assert list(into.iterdir()) == []
        assert failure.value.message.endswith(KEPT_NOTHING)
        return failure.value.message.removesuffix(KEPT_NOTHING)

    async def run(*paths, **limits):
        sentences = await asyncio.gather(*(sentence(path, **limits) for path in paths))
        return sentences[0] if len(paths) == 1 else dict(zip([path.name for path in paths], sentences, strict=True))

    return run


def stored(path, content: bytes):
    path.write_bytes(content)
    return path


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("song.wav", riff(data=bytes(1_000)))
    return file.getvalue()


RUBBISH = {
    "png": picture(300, 200),
    "zip": zipped(),
    "text": b"This is a song about nothing.\n" * 500,
    "html": b"<!doctype html><script>alert(1)</script>" * 100,
    "json": json.dumps({"sound": [0] * 5_000}).encode(),
    "zeros": bytes(50_000),
    "one byte": b"R",
    "riff only": b"RIFF\xff\xff\xff\xffWAVE",
    "id3 only": id3({"TIT2": b"\x00no sound"}),
    "id3 of 256 MB": id3({"TIT2": b"\x00x"}, size=0x0FFF_FFFF) + bytes(2_000),
}


async def test_what_is_no_sound_is_refused(tmp_path, refused):
    paths = [stored(tmp_path / name, content) for name, content in RUBBISH.items()]
    assert await refused(*paths) == dict.fromkeys(RUBBISH, NOT_SOUND)


async def test_random_bytes_may_look_like_damaged_sound(tmp_path, refused):
    paths = [stored(tmp_path / f"{seed}", np.random.default_rng(seed).bytes(200_000)) for seed in range(4)]
    assert set((await refused(*paths)).values()) <= {NOT_SOUND, DAMAGED}


async def test_an_empty_file(tmp_path, refused):
    assert await refused(stored(tmp_path / "x.mp3", b"")) == "That file is empty."


async def test_a_wav_without_samples(tmp_path, refused):
    assert await refused(stored(tmp_path / "x.wav", riff())) == "There is no sound in that file."


# Truncation


async def test_a_file_that_is_cut_off_is_refused_with_both_lengths(tmp_path, refused):
    path = write(tmp_path / "x.wav", silence(180, rate_hz=8_000, channels=1), rate_hz=8_000)
    os.truncate(path, path.stat().st_size * 60 // 180 - 400)
    assert await refused(path) == "That file ends after 59 of 180 seconds: it looks cut off."


FASTSTART = {"movflags": "faststart"}


async def test_each_format_with_a_claim_is_held_to_it(tmp_path, refused):
    kinds = ("mp3", "flac", "aac", "alac", "aiff", "wav", "wav-s24")
    for kind in kinds:
        options = FASTSTART if kind in {"aac", "alac"} else {}
        path = write(tmp_path / kind, noise(9), kind, muxer_options=options)
        os.truncate(path, path.stat().st_size * 4 // 10)
    sentences = await refused(*(tmp_path / kind for kind in kinds))
    assert sentences == dict.fromkeys(kinds, "That file ends after 3 of 9 seconds: it looks cut off.")


async def test_an_m4a_that_lost_its_index_is_no_sound(tmp_path, refused):
    path = write(tmp_path / "x.m4a", noise(3), "aac")
    os.truncate(path, path.stat().st_size // 2)
    assert await refused(path) == NOT_SOUND


@pytest.mark.parametrize(("kind", "options"), [("mp3", {"write_xing": "0"}), ("adts", {}), ("opus", {})])
async def test_what_claims_nothing_is_as_long_as_it_decodes(tmp_path, inspected, kind, options):
    rate_hz = 48_000 if kind == "opus" else RATE_HZ
    path = write(tmp_path / "x", noise(6, rate_hz=rate_hz), kind, rate_hz=rate_hz, muxer_options=options)
    os.truncate(path, path.stat().st_size // 2)
    assert (await inspected(path)).duration_s == pytest.approx(3, abs=0.3)


async def test_two_samples_of_a_hundred_may_be_missing(tmp_path, inspected):
    path = write(tmp_path / "x.wav", sine(60, rate_hz=8_000, channels=1), rate_hz=8_000)
    os.truncate(path, path.stat().st_size - 8_000 * 2)
    assert (await inspected(path)).duration_s == pytest.approx(59)


# Headers that lie


WAV_HEADERS = [
    ({"channels": 65_535}, NOT_SOUND),
    ({"channels": 0}, NOT_SOUND),
    ({"channels": 12}, "That file has 12 channels; 1 to 8 are read here."),
    ({"rate_hz": 1}, "That file has 1 samples a second; 8,000 to 192,000 are read here."),
    ({"rate_hz": 384_000}, "That file has 384,000 samples a second; 8,000 to 192,000 are read here."),
    ({"rate_hz": 4_000_000_000}, NOT_SOUND),
    ({"rate_hz": 0}, NOT_SOUND),
    ({"codec": 2, "bits": 4}, "The sound in that file is of a kind that is not read here (adpcm_ms)."),
    ({"codec": 0x55, "bits": 0}, "The sound in that file is of a kind that is not read here (mp3)."),
]


async def test_a_wav_header_of_nonsense(tmp_path, refused):
    expected = {str(header): sentence for header, sentence in WAV_HEADERS}
    paths = [stored(tmp_path / str(header), riff(data=bytes(8_000), **header)) for header, _ in WAV_HEADERS]
    assert await refused(*paths) == expected


async def test_a_wav_that_claims_4_gb_is_as_long_as_it_is(tmp_path, inspected):
    path = stored(tmp_path / "x.wav", riff(data=bytes(4_000), data_bytes=0xFFFF_FFF0))
    assert (await inspected(path)).duration_s == pytest.approx(1_000 / RATE_HZ)


async def test_a_flac_that_claims_2_to_the_36_samples(tmp_path, refused):
    file = bytearray(write(tmp_path / "x.flac", noise(2), "flac").read_bytes())
    file[21] |= 0x0F
    file[22:26] = b"\xff\xff\xff\xff"
    assert await refused(stored(tmp_path / "y.flac", file)) == (
        "That file ends after 2 of 1,558,265 seconds: it looks cut off."
    )


async def test_a_silent_bomb_stops_at_the_longest_length(tmp_path, refused):
    path = write(tmp_path / "x.flac", silence(120), "flac")
    assert path.stat().st_size < 100_000
    sentence = "That file plays for longer than 1 minute, which is the most that is kept."
    assert await refused(path, seconds_max=60) == sentence


# Other things than one sound


def video(path, *, sound: bool):
    with av.open(str(path), "w", format="mp4") as output:
        moving = output.add_stream("mpeg4", rate=25, width=64, height=64, pix_fmt="yuv420p")
        heard = output.add_stream("aac", rate=RATE_HZ, layout="stereo") if sound else None
        for _ in range(10):
            output.mux(moving.encode(av.VideoFrame(64, 64, "yuv420p")))
        if heard:
            silent = av.AudioFrame.from_ndarray(np.zeros((2, 4_096), np.float32), format="fltp", layout="stereo")
            silent.sample_rate = RATE_HZ
            output.mux(heard.encode(silent))
        for stream in filter(None, (moving, heard)):
            output.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("sound", [True, False])
async def test_a_video(tmp_path, refused, sound):
    sentence = "That file is a video. Export its sound as a file of its own."
    assert await refused(video(tmp_path / "x.m4a", sound=sound)) == sentence


@pytest.mark.parametrize(("kind", "change"), [("adts", {"rate_hz": 22_050}), ("mp3", {"channels": 1})])
async def test_a_sound_that_changes_on_the_way(tmp_path, refused, kind, change):
    before = write(tmp_path / "a", noise(1), kind, muxer_options={"write_xing": "0"} if kind == "mp3" else {})
    after = write(tmp_path / "b", noise(1, **change), kind, rate_hz=change.get("rate_hz", RATE_HZ))
    path = stored(tmp_path / "x", before.read_bytes() + after.read_bytes())
    assert await refused(path) == "That file changes its sample rate or its channels on the way. Export it once more."


@pytest.fixture
def server():
    """A web server on this machine, and the list of what was asked of it."""
    requests = []

    class Handler(BaseHTTPRequestHandler):
        def handle(self):
            requests.append(self.client_address)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}", requests
        listening.shutdown()


PLAYLISTS = {
    "concat.mp3": "ffconcat version 1.0\nfile secret.wav\n",
    "concat.ffconcat": "ffconcat version 1.0\nfile {url}/secret.wav\n",
    "hls.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{url}/a.ts\n#EXT-X-ENDLIST\n",
    "hls.mp3": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nsecret.wav\n#EXT-X-ENDLIST\n",
    "winamp.m3u": "#EXTM3U\n{url}/a.mp3\n",
    "dash.mpd": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>{url}/</BaseURL></MPD>',
    "session.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
}


async def test_a_playlist_opens_nothing_and_asks_nobody(tmp_path, refused, server):
    url, requests = server
    write(tmp_path / "secret.wav", sine(1))
    paths = [stored(tmp_path / name, text.replace("{url}", url).encode()) for name, text in PLAYLISTS.items()]
    assert await refused(*paths) == dict.fromkeys(PLAYLISTS, NOT_SOUND)
    assert requests == []


async def test_a_name_that_looks_like_a_protocol_is_a_name(tmp_path, refused, monkeypatch):
    write(tmp_path / "secret.wav", sine(1))
    monkeypatch.chdir(tmp_path)
    assert await refused(stored(tmp_path / "concat:secret.wav", b"nothing")) == NOT_SOUND


# Damage


async def test_one_bad_place_in_a_long_file_is_forgiven(tmp_path, inspected):
    file = bytearray(write(tmp_path / "x.flac", noise(9), "flac").read_bytes())
    at = len(file) // 2
    file[at : at + 300] = bytes(300)
    facts = await inspected(stored(tmp_path / "y.flac", file))
    assert facts.duration_s == pytest.approx(9, abs=0.2)


async def test_a_file_of_bad_places_is_not(tmp_path, refused):
    file = bytearray(write(tmp_path / "x.mp3", noise(9), "mp3").read_bytes())
    for at in range(4_000, len(file), 900):
        file[at : at + 600] = bytes(600)
    sentence = await refused(stored(tmp_path / "y.mp3", file))
    assert "cut off" in sentence or "damaged" in sentence
