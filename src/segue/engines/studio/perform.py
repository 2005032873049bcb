"""Plays a score: its stems, and the master that is made of their sum, as files in a folder."""

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from segue.engines.studio.master import MASTER, mastered
from segue.engines.studio.mix import SPACE, Desk
from segue.engines.studio.score import Part, Score
from segue.engines.studio.voices import RATE_HZ, VOICES, Voice
from segue.engines.studio.work import A_TONE, Work

_A_MASTER = 8.0  # what it costs, in passes over a stem


class Performance(msgspec.Struct, frozen=True, kw_only=True):
    """What was written: names of files, and what was measured of the master; None of silence."""

    master: str
    stems: dict[str, str]
    loudness_lufs: float | None
    true_peak_dbtp: float | None


def perform(
    score: Score,
    workdir: Path,
    progress: Callable[[float], None],
    cancelled: Callable[[], bool],
    voices: Mapping[str, Voice] = VOICES,
) -> Performance:
    """Play the score into `workdir` with voices by their names. Equal scores give equal files, bit by bit.

    Raises `Stopped` as soon as `cancelled` says so; what lies in the folder then is of no use.
    """
    stems = _stems(score)
    files = {name: f"stem_{name}.flac" for name in (*stems, SPACE)}
    with TemporaryDirectory(prefix="raw_", dir=workdir) as folder:
        work = Work(progress, cancelled, _amount(score, voices, len(files)))
        desk = Desk(score, voices, Path(folder), work)
        try:
            for name, parts in stems.items():
                desk.stem(parts, workdir / files[name])
            desk.space(workdir / files[SPACE])
            made = mastered(desk.mix, desk.mix, score.target_lufs, score.drive, workdir / MASTER, work, score.soft_s)
        finally:
            desk.close()
        work.end()
    return Performance(master=MASTER, stems=files, loudness_lufs=made.loudness_lufs, true_peak_dbtp=made.true_peak_dbtp)


def _stems(score: Score) -> dict[str, list[Part]]:
    """The parts by their stems, in the order of the score."""
    stems: dict[str, list[Part]] = {}
    for part in score.parts:
        if part.stem == SPACE:
            raise ValueError(f"no stem may be called {SPACE!r}: so is that of the room")
        stems.setdefault(part.stem, []).append(part)
    return stems


def _amount(score: Score, voices: Mapping[str, Voice], files: int) -> float:
    return (files + _A_MASTER) * score.length_s * RATE_HZ + A_TONE * sum(
        _tones(part, voices[part.voice]) for part in score.parts
    )


def _tones(part: Part, voice: Voice) -> int:
    """About how many different tones a part has."""
    struck = Counter((note.pitch, int(note.velocity * voice.layers)) for note in part.notes)
    return sum(min(many, voice.variants) for many in struck.values())
