"""Makes the ten pieces, measures and draws them, and writes docs/listening.md. `make listening` runs it."""

import asyncio
import sys
import tempfile
from pathlib import Path

from listening import measures
from listening.pictures import draw
from listening.pieces import PIECES, SECONDS, Piece
from segue import audio
from segue.engines import Brief
from segue.engines.studio.compose import compose
from segue.engines.studio.perform import perform
from segue.engines.studio.score import Score
from segue.engines.studio.voices import VOICES

_DOCS = Path(__file__).parents[1] / "docs"
_PICTURES = _DOCS / "listening"

_HEAD = """\
# Ten pieces to judge by

The built-in engine makes music by rules. Whether it is good music, people have to say; this page is for them.
`make listening` makes these pieces, measures them, and draws them: above the waveform with its sections, below the
spectrogram, 40 Hz to 18 kHz. To hear one:

    segue generate "late night lo-fi study beat, warm keys" --duration 60 --seed 1 --out lo-fi.mp3

| piece | LUFS (asked) | dBTP | centroid Hz | side/mid dB | onsets/s | sections | up to 120 / 400 / 2k / 8k Hz, above |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""


def main() -> int:
    _PICTURES.mkdir(exist_ok=True)
    rows, pages = [], []
    for piece in PIECES:
        print(piece.name, file=sys.stderr, flush=True)
        row, page = _made(piece)
        rows.append(row)
        pages.append(page)
    (_DOCS / "listening.md").write_text(_HEAD + "\n".join(rows) + "\n\n" + "\n".join(pages))
    return 0


def _made(piece: Piece) -> tuple[str, str]:
    """The row of the table, and the piece's own part of the page."""
    score = compose(Brief(prompt=piece.prompt, duration_s=SECONDS, seed=piece.seed))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        performance = perform(score, folder, lambda _: None, lambda: False, VOICES)
        facts = asyncio.run(audio.inspect(folder / performance.master, folder))
        sound = measures.read(folder / performance.master)
    picture = f"{piece.name}.png"
    draw(_PICTURES / picture, sound, [(section.name, section.start_s) for section in score.sections])
    bands = " / ".join(f"{level:.1f}" for level in measures.bands_db(sound))
    row = (
        f"| {piece.name} | {facts.loudness_lufs:.2f} ({score.target_lufs:.0f}) | {facts.true_peak_dbtp:.2f} "
        f"| {measures.centroid_hz(sound):.0f} | {measures.width_db(sound):.1f} | {measures.onsets_per_s(sound):.1f} "
        f"| {len(score.sections)} | {bands} |"
    )
    played = ", ".join(sorted({part.voice.replace("_", " ") for part in score.parts}))
    page = (
        f"## {piece.name.capitalize()}\n\n“{piece.prompt}”, seed {piece.seed}: {_shape(score)}. Played by {played}.\n\n"
        f"![Waveform and spectrogram of {piece.name}](listening/{picture})\n"
    )
    return row, page


def _shape(score: Score) -> str:
    form = ", ".join(f"{section.name} {section.bars}" for section in score.sections)
    return f"{score.genre} in {score.key} at {score.tempo_bpm:.1f} bpm; bars: {form}"


if __name__ == "__main__":
    sys.exit(main())
