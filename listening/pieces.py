"""The ten pieces that are listened to: one for each kind of music that the built-in engine has to be able to make."""

from typing import NamedTuple

SECONDS = 60


class Piece(NamedTuple):
    """A prompt with its seed, under the name of its files."""

    name: str
    prompt: str
    seed: int


PIECES = (
    Piece("lo-fi", "late night lo-fi study beat, warm keys", 1),
    Piece("ambient", "ambient dawn over a lake, soft pads", 2),
    Piece("house", "deep house for a summer evening, 122 bpm", 3),
    Piece("techno", "driving techno, dark, 134 bpm in F minor", 4),
    Piece("piano", "solo felt piano, melancholy", 5),
    Piece("strings", "string orchestra, noble and hopeful", 6),
    Piece("funk", "funk with slap bass and muted guitar", 7),
    Piece("rock", "fast indie rock, distorted guitars", 8),
    Piece("chiptune", "8 bit chiptune adventure", 9),
    Piece("drone", "deep drone for meditation", 10),
)
