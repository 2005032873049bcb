"""Pure. Every sentence a person may read about a file that was refused; each says what was found, none what is lost."""

from segue.errors import Invalid

EMPTY = "That file is empty."
NOT_SOUND = "That is not a sound file of a kind that is read here: WAV, FLAC, MP3, Ogg, M4A, AIFF or AAC."
VIDEO = "That file is a video. Export its sound as a file of its own."
NO_SOUND = "There is no sound in that file."
CHANGING = "That file changes its sample rate or its channels on the way. Export it once more."
DAMAGED = "Too much of that file is damaged to be played."
MEMORY = "Reading that file takes more memory than one file may use."
TIME = "Reading that file takes longer than one file may take."
SPACE = "That file would become larger than one file may be."
NO_PICTURE = "That is not a picture of a kind that is read here: JPEG, PNG, WebP or GIF."
CRASH = "That file cannot be read: the decoder gave up on it."


def unknown_codec(codec: str) -> Invalid:
    return Invalid(f"The sound in that file is of a kind that is not read here ({codec}).")


def strange_rate(rate_hz: int, least_hz: int, most_hz: int) -> Invalid:
    return Invalid(f"That file has {rate_hz:,} samples a second; {least_hz:,} to {most_hz:,} are read here.")


def strange_channels(channels: int, most: int) -> Invalid:
    return Invalid(f"That file has {channels} channels; 1 to {most} are read here.")


def cut_off(decoded_s: float, claimed_s: float) -> Invalid:
    return Invalid(f"That file ends after {int(decoded_s):,} of {claimed_s:,.0f} seconds: it looks cut off.")


def too_long(seconds_max: float) -> Invalid:
    return Invalid(f"That file plays for longer than {_length(seconds_max)}, which is the most that is kept.")


def _length(seconds: float) -> str:
    for unit_s, word in ((3_600, "hour"), (60, "minute")):
        if seconds >= unit_s and seconds % unit_s == 0:
            count = int(seconds // unit_s)
            return f"{count} {word}{'s' * (count != 1)}"
    return f"{seconds:g} seconds"
