"""Pure. What somebody wants made, held against what the engine can do: nothing is queued that could not be made."""

from dataclasses import dataclass

from segue import tracks
from segue.engines import Brief, EngineFacts, Segment
from segue.errors import Invalid

# A piece that is to be played in a row of others fades in and out over so much.
_FADE_S = 4.0


@dataclass(frozen=True, slots=True)
class Wish:
    """A piece as somebody wants it. `segment` is what a session asks for with it."""

    engine: str
    prompt: str
    duration_s: float
    mode: str = "creation"
    instrumental: bool = False
    lyrics: str | None = None
    seed_track_id: str | None = None
    style_tags: tuple[str, ...] = ()
    title: str | None = None
    seed: int | None = None
    tempo_bpm: float | None = None
    target_lufs: float | None = None
    segment: Segment | None = None


def check_wish(wish: Wish, facts: EngineFacts) -> None:
    """Raises `Invalid` with every fault at once."""
    faults: dict[str, str] = {}
    shortest, longest = facts.min_duration_seconds, facts.max_duration_seconds
    if not wish.prompt.strip():
        faults["prompt"] = "A prompt says what is to be made."
    elif len(wish.prompt) > facts.prompt_chars_max:
        faults["prompt"] = f"A prompt for {facts.name} has at most {facts.prompt_chars_max} characters."
    if not shortest <= wish.duration_s <= longest:
        faults["duration_seconds"] = f"{facts.name} makes pieces of {shortest} to {longest} seconds."
    if wish.instrumental and not facts.supports_instrumental:
        faults["instrumental"] = f"{facts.name} always sings."
    faults |= _lyrics(wish, facts)
    if wish.seed_track_id is not None and not facts.supports_seed_audio:
        faults["seed_track_id"] = f"{facts.name} cannot go on from a track."
    if wish.title is not None:
        try:
            tracks.wished_title(wish.title)
        except Invalid as error:
            faults |= error.faults
    if faults:
        raise Invalid("Some values cannot be accepted.", faults=faults)


def _lyrics(wish: Wish, facts: EngineFacts) -> dict[str, str]:
    if wish.lyrics is None:
        return {}
    if not facts.supports_lyrics:
        return {"lyrics": f"{facts.name} does not sing lyrics."}
    if wish.instrumental:
        return {"lyrics": "An instrumental has no lyrics."}
    if len(wish.lyrics) > facts.lyrics_chars_max:
        return {"lyrics": f"Lyrics for {facts.name} have at most {facts.lyrics_chars_max} characters."}
    return {}


def brief_of(wish: Wish, facts: EngineFacts, seed: int) -> Brief:
    """What the engine is asked for. `seed` is rolled by the caller, for a wish that names none."""
    seed = seed if wish.seed is None else wish.seed
    return Brief(
        prompt=wish.prompt,
        duration_s=wish.duration_s,
        seed=seed,
        style_tags=wish.style_tags,
        instrumental=wish.instrumental or not facts.supports_vocals,
        lyrics=wish.lyrics,
        tempo_bpm=wish.tempo_bpm,
        target_lufs=wish.target_lufs,
        segment=wish.segment or (_alone(seed) if wish.mode == "focus" else None),
    )


def title_of(wish: Wish) -> str | None:
    """The title that was wished for, or else the first words of the prompt."""
    return tracks.title_from_words(wish.prompt) if wish.title is None else tracks.wished_title(wish.title)


def _alone(seed: int) -> Segment:
    """A single segment, for somebody who puts a row together."""
    return Segment(
        index=0,
        session_seed=seed,
        divergence=0.0,
        intensity=0.5,
        goal="custom_prompt",
        fade_in_s=_FADE_S,
        fade_out_s=_FADE_S,
    )
