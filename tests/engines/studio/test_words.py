"""What is read out of a prompt, in English and in German."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.engines.studio.genres import GENRES
from segue.engines.studio.keys import read_key
from segue.engines.studio.score import VOICES
from segue.engines.studio.words import read


@pytest.mark.parametrize(
    ("prompt", "genre"),
    [
        ("late night lo-fi study beat, warm keys", "lo-fi"),
        ("chillhop", "lo-fi"),
        ("ambient techno", "techno"),
        ("Ambient-Klanglandschaft zum Meditieren", "ambient"),
        ("deep house for a summer evening", "house"),
        ("driving TECHNO!", "techno"),
        ("solo felt piano, melancholy", "piano"),
        ("trauriges Klavierstück", "piano"),
        ("Streichquartett, feierlich", "orchestral"),
        ("string orchestra", "orchestral"),
        ("funky bass line", "funk"),
        ("indie rock with guitars", "rock"),
        ("8-bit chiptune adventure", "chiptune"),
        ("dark ambient drone", "drone"),
        ("jazz trio in a bar", "jazz"),
        ("80s synthwave, neon", "synthwave"),
        ("akustischer Folk am Lagerfeuer", "folk"),
        ("epic film score", "cinematic"),
        ("trip-hop, smoky", "trip-hop"),
        ("liquid drum and bass", "drum and bass"),
        ("Musik zum Einschlafen", "sleep"),
        ("minimal electronic for focus", "minimal"),
        ("something sad", "piano"),
        ("for my workout", "house"),
        ("cello", "orchestral"),
        ("qwertz", None),
        ("", None),
    ],
)
def test_the_genre(prompt, genre):
    assert read(prompt).genre == genre
    assert genre is None or genre in GENRES


def test_a_tag_counts_like_a_word():
    assert read("something nice", ("house",)).genre == "house"


@pytest.mark.parametrize(
    ("prompt", "tempo"),
    [
        ("house at 122 bpm", 122), ("122bpm", 122), ("tempo 90", 90), ("Tempo: 90", 90), ("90,5 bpm", 90.5),
        ("90 Schläge pro Minute", 90), ("10 bpm", None), ("999 bpm", None), ("made in 1975", None), ("90 cats", None),
    ],
)  # fmt: skip
def test_the_tempo(prompt, tempo):
    assert read(prompt).tempo_bpm == tempo


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("in D minor", "D minor"), ("d-moll", "D minor"), ("C dorian", "C dorian"), ("f sharp minor", "F# minor"),
        ("Bb major", "Bb major"), ("B-Dur", "Bb major"), ("h-moll", "B minor"), ("cis-moll", "C# minor"),
        ("Es-Dur", "Eb major"), ("in A", "A major"), ("in Am", "A minor"), ("G mixolydisch", "G mixolydian"),
        ("a minor mistake", "A minor"), ("a minor key", None), ("a major chord", None), ("the moon", None),
        ("Tonart G", "G major"), ("Key of Eb", "Eb major"),
    ],
)  # fmt: skip
def test_the_key(text, name):
    found = read_key(text)
    assert (found and found.name) == name


@pytest.mark.parametrize(
    ("prompt", "without"),
    [
        ("lo-fi without drums", "drums"), ("no drums, piano", "drums"), ("ohne Schlagzeug", "drums"),
        ("house, no bass", "bass"), ("kein Klavier", "piano"), ("without any loud drums", "drums"),
        ("ohne lautes Schlagzeug", "drums"), ("no electronic drums", "drums"), ("please don't use drums", "drums"),
        ("drum-free ambient", "drums"), ("schlagzeugfrei", "drums"), ("sans drums", "drums"),
        ("weder Schlagzeug noch Bass", "bass"), ("neither bass nor drums", "drums"),
    ],
)  # fmt: skip
def test_what_is_not_wanted(prompt, without):
    assert without in read(prompt).without


def test_a_negation_ends_where_its_clause_ends():
    wishes = read("no drums, piano and strings")
    assert "drums" in wishes.without
    assert {"piano", "strings"} <= set(wishes.voices)
    both = read("without drums and bass")
    assert {"drums", "bass"} <= both.without


@pytest.mark.parametrize(
    ("prompt", "voice"),
    [
        ("not a fast flute solo", "flute"), ("nicht so laut, Klavier", "piano"), ("no vocals, drums", "drums"),
        ("ohne Gesang, mit Schlagzeug", "drums"), ("warme Tasten", "epiano"), ("rhodes", "epiano"),
        ("warm keys", "epiano"), ("Streicher", "strings"), ("Querflöte", "flute"), ("piano, free jazz", "piano"),
        ("piano free jazz", "piano"),
    ],
)  # fmt: skip
def test_what_is_wanted(prompt, voice):
    wishes = read(prompt)
    assert voice in wishes.voices
    assert not wishes.without


@pytest.mark.parametrize(
    ("prompt", "name", "sign"),
    [
        ("slow", "pace", -1), ("langsam", "pace", -1), ("fast", "pace", 1), ("schnell", "pace", 1),
        ("dark", "mood", -1), ("dunkel", "mood", -1), ("bright", "mood", 1), ("fröhlich", "mood", 1),
        ("sparse", "density", -1), ("energetic", "energy", 1), ("calm", "energy", -1),
    ],
)  # fmt: skip
def test_how_it_is_meant(prompt, name, sign):
    assert getattr(read(prompt), name) * sign > 0


@given(st.text(max_size=300), st.lists(st.text(max_size=30), max_size=5))
def test_any_text_can_be_read(prompt, tags):
    wishes = read(prompt, tags)
    assert wishes.genre is None or wishes.genre in GENRES
    assert set(wishes.voices) <= set(VOICES) | {"drums", "tune"}
    for value in (wishes.energy, wishes.mood, wishes.density, wishes.pace):
        assert -1 <= value <= 1
    assert wishes.tempo_bpm is None or 30 <= wishes.tempo_bpm <= 300
