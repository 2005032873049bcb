"""Chords, how they are led, and the tune over them: judged by the rules that a teacher of harmony would ask for."""

from itertools import pairwise

import pytest

from segue.engines import Brief
from segue.engines.studio import bass, tune
from segue.engines.studio.chords import read_chord, read_progression
from segue.engines.studio.dice import Dice
from segue.engines.studio.direction import decide
from segue.engines.studio.form import sections
from segue.engines.studio.genres import GENRES
from segue.engines.studio.harmony import bars_of
from segue.engines.studio.keys import MODES, Key, read_key
from segue.engines.studio.motif import Motif, contrast, invent, mutated
from segue.engines.studio.sheet import Sheet
from segue.engines.studio.table import Feel, Player
from segue.engines.studio.timing import swung
from segue.engines.studio.voicing import movement, tones_of, voiced

CELLS = ("x--x--x-........", "x-x-x---x-......", "..x-x-x---......")
SEEDS = range(1, 9)


@pytest.mark.parametrize(
    ("text", "key", "notes"),
    [
        ("1", "C major", {0, 4, 7}),
        ("2:7", "C major", {2, 5, 9, 0}),
        ("5:7!", "A minor", {4, 8, 11, 2}),
        ("b7", "C major", {10, 2, 5}),
        ("1:sus4", "D dorian", {2, 7, 9}),
        ("7", "C major", {7, 11, 2}),
    ],
)
def test_chords_are_read_by_their_degree(text, key, notes):
    assert set(read_chord(text, read_key(key)).tones) == notes


@pytest.mark.parametrize("text", ["", "8", "1:maj", "x", "b", "1 2"])
def test_what_is_no_chord_is_refused(text):
    with pytest.raises(ValueError, match="not a chord"):
        read_chord(text, Key(0, "major"))


def test_every_table_can_be_read_in_every_key_that_it_may_have():
    for genre in GENRES.values():
        for mode in {*genre.modes, *MODES} - {"locrian"}:
            key = Key(7, mode)
            texts = (genre.bright if key.bright else genre.dark) or genre.bright or genre.dark
            assert texts
            for text in (*texts, genre.home, genre.cadence):
                for chord in (chord for bar in read_progression(text, key) for chord in bar):
                    assert len(chord.steady) == 3
                    assert set(chord.steady) <= set(chord.scale)


def progressions():
    for genre in GENRES.values():
        for text in (*genre.bright, *genre.dark):
            bars = read_progression(text, Key(2, "major" if text in genre.bright else "minor"))
            yield genre.name, [chord for bar in bars for chord in bar] * 2


def test_voices_move_less_than_chords_in_root_position():
    """By half at least over all tables. Of chords in parallel the pull to the middle costs a little."""
    led_in_all = naive_in_all = 0
    for name, chords in progressions():
        way, led, stacked = None, 0, []
        for chord in chords:
            tones = tones_of(chord, 4, rootless=False)
            following = voiced(tones, way, 48, 74, 4)
            led += movement(way, following) if way else 0
            way = following
            root = 48 + chord.root
            stacked.append(tuple(sorted(root + (tone - chord.root) % 12 for tone in tones)))
        naive = sum(movement(a, b) for a, b in pairwise(stacked))
        assert led <= 1.1 * naive, (name, chords)
        led_in_all, naive_in_all = led_in_all + led, naive_in_all + naive
    assert led_in_all < 0.5 * naive_in_all


def test_a_voicing_has_all_its_notes_in_the_register():
    for _, chords in progressions():
        for chord in chords:
            tones = tones_of(chord, 4, rootless=False)
            way = voiced(tones, None, 50, 76, 4)
            assert {pitch % 12 for pitch in way} == set(tones)
            assert list(way) == sorted(set(way))
            assert 50 <= way[0] <= way[-1] <= 76


def sheet_of(genre, seed, bars=32):
    """What the players of a piece have before them."""
    direction = decide(Brief(prompt=genre, duration_s=90.0, seed=seed), None)
    planned = sections(bars, 90.0, direction.genre.energies)
    dice = direction.band.stream("motif")
    first = invent(CELLS, dice)
    return Sheet(
        genre=direction.genre,
        key=direction.key,
        tempo_bpm=direction.tempo_bpm,
        bars=bars_of(direction, planned, None, (0, 0)),
        end_beat=bars * 4.0 + 1,
        density=0.6,
        motifs={"a": first, "b": contrast(first, CELLS, dice)},
        rootless=True,
    )


SINGER = Player(name="lead", stem="lead", role="tune", voices=("flute",), plays="a b outro", register=(62, 86))


@pytest.fixture(scope="module", params=["lo-fi", "piano", "jazz", "folk", "rock", "house"])
def sung(request):
    """Pairs of a sheet and the tune that was written on it."""
    sheets = [sheet_of(request.param, seed) for seed in SEEDS]
    return [(sheet, tune.write(SINGER, sheet, Dice(f"tune {seed}"))) for seed, sheet in enumerate(sheets)]


def chord_under(sheet, stroke):
    bar = next(bar for bar in reversed(sheet.bars) if bar.beat <= stroke.beat + 1e-6)
    return bar.chord_at(stroke.beat)


def test_strong_beats_of_the_tune_stand_on_the_chord(sung):
    for sheet, strokes in sung:
        strong = [stroke for stroke in strokes if stroke.beat % 2 == 0]
        assert strong
        assert all(stroke.pitch % 12 in chord_under(sheet, stroke).tones for stroke in strong)


def test_no_note_of_the_tune_lies_outside_of_what_the_chord_allows(sung):
    for sheet, strokes in sung:
        assert all(stroke.pitch % 12 in chord_under(sheet, stroke).scale for stroke in strokes)


def test_phrases_come_to_rest_on_root_third_or_fifth(sung):
    """A phrase is of four bars of its section, and its last note is followed by a breath."""
    for sheet, strokes in sung:
        for first in (bar for bar in sheet.bars if bar.section in "ab" and bar.place % 4 == 0 and bar.of >= 4):
            inside = [stroke for stroke in strokes if first.beat <= stroke.beat < first.beat + 16]
            last = max(inside)
            assert last.pitch % 12 in chord_under(sheet, last).steady


def rhythm(strokes, start, end):
    return tuple(round(stroke.beat - start, 3) for stroke in strokes if start <= stroke.beat < end)


def test_the_motif_is_repeated_and_returns_with_its_section(sung):
    for sheet, strokes in sung:
        motif = tuple(begin / 4 for begin, _ in sheet.motifs["a"].rhythm)
        bars = [bar.beat for bar in sheet.bars if bar.section == "a"]
        again = [beat for beat in bars if rhythm(strokes, beat, beat + 4) == motif]
        returns = [bar for bar in sheet.bars if bar.section == "a" and bar.nth == 1 and bar.place == 0]
        assert len(again) >= 3, "it is heard more than once"
        assert returns
        assert all(bar.beat in again for bar in returns), "and again where its section returns"


def test_a_section_that_returns_brings_its_tune_with_it(sung):
    for sheet, strokes in sung:
        first, second = (
            next(bar for bar in sheet.bars if bar.section == "a" and bar.nth == nth and bar.place == 0)
            for nth in (0, 1)
        )
        bars = min(first.of, second.of) - 1
        had, has = (rhythm(strokes, bar.beat, bar.beat + 4 * bars) for bar in (first, second))
        assert had == has


def test_the_bass_begins_each_chord_on_its_root_and_leads_into_the_next():
    """Of notes written to lead, most go to the next root by a step."""
    player = Player(
        name="bass", stem="bass", role="bass", voices=("bass_upright",), cells=("1---5---1-----p-",), register=(29, 50)
    )
    led = steps = 0
    for seed in SEEDS:
        sheet = sheet_of("lo-fi", seed)
        strokes = sorted(bass.write(player, sheet, Dice(f"bass {seed}")))
        by_beat = {stroke.beat: stroke for stroke in strokes}
        for bar in sheet.bars[:-1]:
            assert by_beat[bar.beat].pitch % 12 == bar.slots[0].chord.root
            following = sheet.after(bar)
            if following and following.slots[0].chord.root != bar.slots[-1].chord.root:
                led += 1
                steps += abs(by_beat[bar.beat + 3.5].pitch - by_beat[following.beat].pitch) <= 3
    assert led > 50
    assert steps > 0.8 * led


def test_what_is_made_of_a_motif():
    motif = Motif(16, ((0, 2), (2, 2), (4, 2), (8, 2)), (0, 1, 3, 2))
    assert motif.inverted().inverted() == motif
    assert motif.fragment().rhythm == motif.rhythm[:2]
    assert motif.answered().contour[:2] == motif.contour[:2]
    assert motif.answered() != motif
    assert motif.closed().rhythm[-1][1] > motif.rhythm[2][1]


def test_a_mutation_by_nothing_is_the_motif_and_by_more_it_is_further_away():
    shares = (0.0, 0.3, 1.0)
    changed = [0, 0, 0]
    for seed in range(60):
        motif = invent(CELLS, Dice(f"motif {seed}"))
        for place, share in enumerate(shares):
            other = mutated(motif, share, Dice(f"other {seed}"))
            assert other.rhythm == motif.rhythm
            assert max(map(abs, other.contour)) <= 6
            changed[place] += other != motif
    assert changed[0] == 0
    assert 0 < changed[1] < changed[2]


def test_dice_of_one_name_fall_alike_and_no_stream_moves_another():
    one, other = Dice("a"), Dice("a")
    assert [one.roll() for _ in range(5)] == [other.roll() for _ in range(5)]
    untouched = Dice("a").stream("bass").roll()
    assert one.stream("bass").roll() == untouched
    assert one.stream("drums").roll() != untouched


def test_a_throw_is_splitmix64():
    """Its first output from the state 0, as its authors' program gives it, in the 53 bits of a float."""
    dice = Dice("any")
    dice._state = 0
    assert dice.roll() == (0xE220A8397B1DCDAF >> 11) * 2.0**-53


@pytest.mark.parametrize("swing", [0.5, 0.54, 0.6, 0.667])
@pytest.mark.parametrize("notes", [1, 2])
def test_the_second_of_two_notes_comes_late_by_the_swing(swing, notes):
    feel = Feel(swing=swing, swung=notes)
    pair = notes / 2
    for number in range(8):
        start = number * pair
        assert swung(start, feel) == pytest.approx(start)
        assert (swung(start + pair / 2, feel) - start) / pair == pytest.approx(swing)
    times = [swung(step / 16, feel) for step in range(64)]
    assert times == sorted(set(times))
