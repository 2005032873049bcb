"""The engine `studio` as Segue sees it: what it says of itself, and how a brief becomes music.

Composing and playing need numpy and FFmpeg, which a server that only lists its engines should not pay for: both come in
when something is rendered.
"""

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from segue.engines.brief import Brief, Rendered
from segue.engines.engine import Cancelled, Progress
from segue.engines.facts import EngineFacts, Setup
from segue.licences import CATALOGUE_VERSION, LicenceClass, LicenceFacts, Statement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from segue.engines.studio.score import Score
    from segue.engines.studio.voices import Voice

VERSION = "1"
LENGTH_MIN_S, LENGTH_MAX_S = 5, 600

TERMS = LicenceFacts(
    licence_class=LicenceClass.COMMERCIAL_CLEARED,
    requires_attribution=False,
    licence_version=CATALOGUE_VERSION,
    statements=frozenset({Statement("engine", name="Music of Segue's studio engine, free of rights of others")}),
)

FACTS = EngineFacts(
    engine_key="studio",
    version=VERSION,
    name="Studio",
    description="Instrumental pieces, composed by rules and not by a model, and played by synthesisers of its own.",
    min_duration_seconds=LENGTH_MIN_S,
    max_duration_seconds=LENGTH_MAX_S,
    supports_vocals=False,
    supports_lyrics=False,
    supports_stems=True,
    supports_seed_audio=True,
    supports_tempo_and_key=True,
    languages=("en", "de"),
    origin="algorithmicMedia",
    terms=TERMS,
    length_tolerance=0.02,
)


class Studio:
    """Composes by rules and plays with voices of its own."""

    facts = FACTS

    def obstacle(self) -> str | None:
        """None: everything it needs is installed with Segue."""
        return None

    def voices(self) -> "Mapping[str, Voice]":
        """What plays each voice of a score."""
        voices: Mapping[str, Voice] = import_module("segue.engines.studio.voices").VOICES
        return voices

    def render(self, brief: Brief, workdir: Path, progress: Progress, cancelled: Cancelled) -> Rendered:
        """Compose the piece and play it into `workdir`."""
        # Threads of numpy's matrix products are no faster here, and wait for each other at full speed: they double what
        # a piece costs. It is too late for this where numpy was loaded before.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        score = composed(brief, workdir)
        perform = import_module("segue.engines.studio.perform").perform
        played = perform(score, workdir, progress, cancelled, self.voices())
        return Rendered(
            master=played.master,
            stems=played.stems,
            model=f"{self.facts.engine_key}/{self.facts.version}",
            seed=brief.seed,
            parameters=parameters(score),
        )


def composed(brief: Brief, workdir: Path) -> "Score":
    """The score of a brief, which goes on from the piece in its `seed_audio` when it has one."""
    heard = None
    if brief.seed_audio is not None:
        heard = import_module("segue.engines.studio.hear").hear(workdir / brief.seed_audio)
    score: Score = import_module("segue.engines.studio.compose").compose(brief, heard)
    return score


def parameters(score: "Score") -> dict[str, str]:
    """What was decided that nobody asked for, or that was asked for in other words."""
    return {
        "tempo_bpm": f"{score.tempo_bpm:g}",
        "beats_per_bar": str(score.beats_per_bar),
        "key": score.key,
        "genre": score.genre,
        "target_lufs": f"{score.target_lufs:g}",
        "voices": " ".join(sorted({part.voice for part in score.parts}))[:256],
    }


def engine(setup: Setup) -> Studio:  # noqa: ARG001 - what every entry point is given; there is nothing to set here
    """The entry point."""
    return Studio()
