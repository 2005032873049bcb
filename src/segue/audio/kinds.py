"""Pure. Which pairs of container and codec are read, and what each is called; a pair not in the table is refused.

`browser_playable` was measured in Chromium: it plays and seeks the file as it is, by byte ranges. Raw ADTS is
fetched whole and shows a wrong length, ALAC and AIFF do not play, Ogg with FLAC is not something to rely on.
"""

from typing import NamedTuple


class Kind(NamedTuple):
    container: str
    mime_type: str
    extension: str
    browser_playable: bool


_WAV = Kind("wav", "audio/wav", ".wav", browser_playable=True)
_WAV_ELSEWHERE = _WAV._replace(browser_playable=False)
_AIFF = Kind("aiff", "audio/aiff", ".aiff", browser_playable=False)
_AIFF_CODECS = ("s8", "s16be", "s24be", "s32be", "f32be", "f64be", "s16le")

# By FFmpeg's first name of the demuxer, and its name of the codec.
KINDS = {
    ("mp3", "mp3"): Kind("mp3", "audio/mpeg", ".mp3", browser_playable=True),
    ("flac", "flac"): Kind("flac", "audio/flac", ".flac", browser_playable=True),
    ("ogg", "vorbis"): Kind("ogg", "audio/ogg", ".ogg", browser_playable=True),
    ("ogg", "opus"): Kind("ogg", "audio/ogg", ".opus", browser_playable=True),
    ("ogg", "flac"): Kind("ogg", "audio/ogg", ".oga", browser_playable=False),
    ("mov", "aac"): Kind("m4a", "audio/mp4", ".m4a", browser_playable=True),
    ("mov", "alac"): Kind("m4a", "audio/mp4", ".m4a", browser_playable=False),
    ("aac", "aac"): Kind("adts", "audio/aac", ".aac", browser_playable=False),
    **{("wav", f"pcm_{codec}"): _WAV for codec in ("u8", "s16le", "s24le", "f32le")},
    **{("wav", f"pcm_{codec}"): _WAV_ELSEWHERE for codec in ("s32le", "f64le", "alaw", "mulaw")},
    **{("aiff", f"pcm_{codec}"): _AIFF for codec in _AIFF_CODECS},
}

DEMUXERS = tuple(sorted({demuxer for demuxer, _ in KINDS}))
# Whoever decodes MP3 in FFmpeg has a name of its own.
DECODERS = (*sorted({codec for _, codec in KINDS}), "mp3float")
