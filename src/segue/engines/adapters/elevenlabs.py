"""Drives the ElevenLabs Music API: one request, whose answer is the piece, and one more for the stems if wanted.

Every request is paid for, so none is repeated that may have been taken. A piece whose stems cannot be had is kept.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog

from segue.engines.adapters import stems, terms
from segue.engines.adapters.eleven_song import LANGUAGES, MODELS, NAME, SECONDS_MAX, SECONDS_MIN, song_of
from segue.engines.adapters.faults import Fault, RemoteFailed
from segue.engines.adapters.options import Options
from segue.engines.adapters.remote import Ask, Bounds, Problem, Remote, Sleep
from segue.engines.adapters.watch import TICK_S, conversed, in_time
from segue.engines.brief import Brief, Rendered
from segue.engines.endings import EngineRefused
from segue.engines.engine import Cancelled, Progress
from segue.engines.facts import EngineFacts, Setup

_log = structlog.get_logger()

KEY = "elevenlabs"
_OPTIONS = ("api_key", "url", "model", "output_format", "stems")
_URL = "https://api.elevenlabs.io"
_FORMAT = r"auto|mp3_(22050|24000|44100|48000)_[0-9]{2,3}"
_SUGGESTION_CHARS_MAX = 300
_BYTES_A_SECOND = 24_000  # of the best MP3 that it sends unasked, to guess how far it is

_NO_CREDIT = frozenset(
    {"quota_exceeded", "payment_required", "paid_plan_required", "insufficient_credits", "subscription_required"}
)
_REFUSED = frozenset({"bad_prompt", "bad_composition_plan"})


class ElevenLabs:
    """`piece_s_max` is how long one piece may take in all."""

    def __init__(
        self,
        setup: Setup,
        *,
        bounds: Bounds | None = None,
        piece_s_max: float = 1_800.0,
        tick_s: float = TICK_S,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        options = Options(KEY, setup, _OPTIONS, (terms.PAID_PLAN,))
        self._key = options.secret("api_key")
        if self._key is None:
            options.missing("api_key", "a key of the ElevenLabs API")
        self._url = options.address("url", _URL, private=True) or _URL
        self._model = options.choice("model", MODELS, "music_v2")
        self._format = options.matching("output_format", _FORMAT, "auto or such as mp3_44100_192", "auto") or "auto"
        self._stems = options.yes("stems")
        self._terms = terms.of_elevenlabs(options)
        self._fault = options.fault
        # Nothing comes until the piece is made.
        self._bounds = bounds or Bounds(silence_s=600.0)
        self._piece_s_max = piece_s_max
        self._tick_s = tick_s
        self._sleep = sleep

    @property
    def facts(self) -> EngineFacts:
        return EngineFacts(
            engine_key=KEY,
            version="1.0",
            name="ElevenLabs Music",
            description="Songs and instrumental pieces by the ElevenLabs service, which gets the prompt and lyrics.",
            max_duration_seconds=SECONDS_MAX,
            min_duration_seconds=SECONDS_MIN,
            supports_vocals=True,
            supports_lyrics=True,
            supports_stems=self._stems,
            languages=tuple(LANGUAGES),
            terms=self._terms,
        )

    def obstacle(self) -> str | None:
        return self._fault

    def render(self, brief: Brief, workdir: Path, progress: Progress, cancelled: Cancelled) -> Rendered:
        return conversed(self._rendered(brief, workdir, progress), cancelled, tick_s=self._tick_s)

    async def _rendered(self, brief: Brief, workdir: Path, progress: Progress) -> Rendered:
        progress(0.0)
        song, master = song_of(brief, self._model), workdir / "master.mp3"
        headers = {"xi-api-key": self._key or ""}
        async with Remote(
            NAME, KEY, self._url, headers, bounds=self._bounds, explain=self._explain, sleep=self._sleep
        ) as server:
            done = await in_time(self._compose(server, song, master, brief.duration_s, progress), self._piece_s_max)
            if done is None:
                raise server.failed(Fault.ENDLESS)
            parts = await self._separate(server, master) if self._stems else {}
        progress(1.0)
        kept = {"music_length_ms", "force_instrumental"}
        parameters = {name: str(value).lower() for name, value in song.items() if name in kept}
        return Rendered(
            master=master.name,
            stems=parts,
            model=f"ElevenLabs {self._model}",
            seed=song.get("seed"),
            parameters=parameters | {"output_format": self._format, "plan": str("seed" in song).lower()},
        )

    async def _compose(
        self, server: Remote, song: dict[str, Any], master: Path, duration_s: float, progress: Progress
    ) -> bool:
        def heard(received: int) -> None:
            progress(min(0.9, received / (duration_s * _BYTES_A_SECOND)))

        ask = Ask("POST", "/v1/music", query={"output_format": self._format}, json=song)
        await server.save(ask, master, ("audio/",), heard)
        return True

    async def _separate(self, server: Remote, master: Path) -> dict[str, str]:
        """The stems by name. The piece is there and paid for: without its stems it is still what was asked for."""
        archive = master.with_name("stems.zip")
        ask = Ask(
            "POST",
            "/v1/music/stem-separation",
            form={"stem_variation_id": "six_stems_v1"},
            upload=("file", master, "audio/mpeg"),
        )

        async def fetched() -> dict[str, str]:
            await server.save(ask, archive, ("application/zip", "application/x-zip"))
            bytes_max = self._bounds.sound_bytes_max
            return await asyncio.to_thread(stems.taken_out, archive, master.parent, bytes_max=bytes_max)

        try:
            found = await in_time(fetched(), self._piece_s_max)
        except (RemoteFailed, EngineRefused, stems.Unusable):
            found = None
        finally:
            archive.unlink(missing_ok=True)
        if found is None:
            _log.warning("a piece is kept without its stems", engine=KEY)
        return found or {}

    def _explain(self, problem: Problem) -> Exception | Fault | None:
        if problem.word in _REFUSED:
            return EngineRefused(_refusal(self._suggestion(problem.body)))
        if problem.word in _NO_CREDIT:
            return Fault.CREDIT
        return None

    def _suggestion(self, body: Any) -> str | None:
        """Another wording that the service proposes, as one line; None when it proposes none that can be shown."""
        detail = body["detail"]
        data = detail.get("data")
        said = (data if isinstance(data, dict) else detail).get("prompt_suggestion")
        if not isinstance(said, str) or (self._key or "") in said:
            return None
        line = " ".join(said.split())
        return line if line.isprintable() and 0 < len(line) <= _SUGGESTION_CHARS_MAX else None


def _refusal(suggestion: str | None) -> str:
    reason = (
        f"{NAME} does not make this piece, because the prompt, the style tags or the lyrics name an artist or a work "
        "that is protected, or ask for something that is not allowed"
    )
    return f'{reason}; it suggests: "{suggestion}"' if suggestion else f"{reason}."


engine: Callable[[Setup], ElevenLabs] = ElevenLabs
