"""Makes real sound files: arrays of (samples, channels) in float with full scale at 1, and writers for every format
that is read, with FFmpeg's own encoders. Headers that no encoder would write are put together by hand.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import av
import numpy as np
from PIL import Image

RATE_HZ = 44_100
_FRAME_SAMPLES = 4_096
_LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}


@dataclass(frozen=True, slots=True)
class Format:
    muxer: str
    encoder: str
    sample_format: str
    extension: str
    options: Mapping[str, str] | None = None


FORMATS = {
    "wav": Format("wav", "pcm_s16le", "s16", ".wav"),
    "wav-u8": Format("wav", "pcm_u8", "u8", ".wav"),
    "wav-s24": Format("wav", "pcm_s24le", "s32", ".wav"),
    "wav-f32": Format("wav", "pcm_f32le", "flt", ".wav"),
    "wav-f64": Format("wav", "pcm_f64le", "dbl", ".wav"),
    "flac": Format("flac", "flac", "s16", ".flac"),
    "flac-s24": Format("flac", "flac", "s32", ".flac"),
    "mp3": Format("mp3", "libmp3lame", "fltp", ".mp3"),
    "vorbis": Format("ogg", "vorbis", "fltp", ".ogg", {"strict": "experimental"}),
    "opus": Format("ogg", "libopus", "flt", ".opus"),
    "ogg-flac": Format("ogg", "flac", "s16", ".oga"),
    "aac": Format("ipod", "aac", "fltp", ".m4a"),
    "alac": Format("ipod", "alac", "s16p", ".m4a"),
    "adts": Format("adts", "aac", "fltp", ".aac"),
    "aiff": Format("aiff", "pcm_s16be", "s16", ".aiff"),
}


def sine(seconds=1.0, *, rate_hz=RATE_HZ, channels=2, hz=997.0, amplitude=0.5, phase=0.0):
    times_s = np.arange(round(seconds * rate_hz)) / rate_hz
    wave = amplitude * np.sin(2 * np.pi * hz * times_s + phase)
    return np.repeat(wave[:, None], channels, axis=1)


def noise(seconds=1.0, *, rate_hz=RATE_HZ, channels=2, amplitude=0.1, seed=1):
    shape = (round(seconds * rate_hz), channels)
    return np.random.default_rng(seed).normal(0, amplitude, shape).clip(-1, 1)


def silence(seconds=1.0, *, rate_hz=RATE_HZ, channels=2):
    return np.zeros((round(seconds * rate_hz), channels))


def write(path: Path, sound, kind="wav", *, rate_hz=RATE_HZ, tags=None, bit_rate_bps=None, muxer_options=None) -> Path:
    """`sound` at `path` in one of `FORMATS`; the name says nothing about the content unless the caller wants it to."""
    made = FORMATS[kind]
    options = {"use_editlist": "0"} if made.muxer == "ipod" else {}
    with av.open(str(path), "w", format=made.muxer, container_options=options | (muxer_options or {})) as output:
        output.metadata.update(tags or {})
        layout = _LAYOUTS[sound.shape[1]]
        stream = output.add_stream(
            made.encoder, rate=rate_hz, layout=layout, format=made.sample_format, options=dict(made.options or {})
        )
        if bit_rate_bps:
            stream.bit_rate = bit_rate_bps
        for frame in _frames(sound, rate_hz, layout):
            output.mux(stream.encode(frame))
        # At its end FLAC sends its finished header as an empty packet, which only its own container understands.
        output.mux([packet for packet in stream.encode(None) if packet.size or made.muxer == "flac"])
    return path


def _frames(sound, rate_hz, layout):
    for start in range(0, len(sound), _FRAME_SAMPLES):
        samples = np.ascontiguousarray(sound[start : start + _FRAME_SAMPLES], np.float64)
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="dbl", layout=layout)
        frame.sample_rate, frame.pts = rate_hz, start
        yield frame


def read(path: Path):
    """The decoded samples of a file (samples, channels) in float, and its rate."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="dblp")
        frames = [ready for frame in container.decode(audio=0) for ready in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray() for frame in frames], axis=1).T, frames[0].sample_rate


def riff(*, channels=2, rate_hz=RATE_HZ, bits=16, codec=1, data=b"", data_bytes: int | None = None, extra=b"") -> bytes:
    """A WAVE file whose header says what the caller wants: `data_bytes` is the claim, `data` is what is there."""
    claim = len(data) if data_bytes is None else data_bytes
    frame_bytes = channels * bits // 8
    header = struct.pack(
        "<HHIIHH", codec, channels, rate_hz, rate_hz * frame_bytes & 0xFFFF_FFFF, frame_bytes & 0xFFFF, bits
    )
    body = b"WAVEfmt " + struct.pack("<I", len(header)) + header + extra + b"data" + struct.pack("<I", claim) + data
    return b"RIFF" + struct.pack("<I", min(len(body) - len(data) + claim, 0xFFFF_FFFF)) + body


def id3(frames: Mapping[str, bytes], *, size: int | None = None) -> bytes:
    """An ID3v2.3 tag of raw frames; `size` is what its header claims instead of the truth."""
    body = b"".join(name.encode() + struct.pack(">IH", len(content), 0) + content for name, content in frames.items())
    claim = len(body) if size is None else size
    return b"ID3\x03\x00\x00" + bytes(claim >> shift & 0x7F for shift in (21, 14, 7, 0)) + body


def id3_text(text: str) -> bytes:
    return b"\x01" + text.encode("utf-16")


def id3_picture(picture: bytes, mime_type="image/png") -> bytes:
    return b"\x00" + mime_type.encode() + b"\x00\x03\x00" + picture  # 3: front cover


def flac_picture(file: bytes, picture: bytes, mime_type="image/png") -> bytes:
    """A FLAC file with a front cover behind its first block (RFC 9639, section 8.8)."""
    mime = mime_type.encode()
    block = struct.pack(">II", 3, len(mime)) + mime + struct.pack(">IIIIII", 0, 0, 0, 0, 0, len(picture)) + picture
    first_end = 8 + int.from_bytes(file[5:8], "big")
    return file[:first_end] + b"\x06" + len(block).to_bytes(3, "big") + block + file[first_end:]


def picture(width=1_500, height=1_000, kind="PNG", *, mode="RGB", colour="teal", **more) -> bytes:
    file = BytesIO()
    Image.new(mode, (width, height), colour).save(file, kind, **more)
    return file.getvalue()
