"""Pure. Jazz: a trio that swings, with ninths and thirteenths and a walking bass."""

from segue.engines.studio.score import Room
from segue.engines.studio.table import Desk, Feel, Genre, Player

JAZZ = Genre(
    name="jazz",
    tempo_bpm=(96, 138),
    modes=("major", "dorian", "minor", "major"),
    bright=(
        "2:9 | 5:13 | 1:9 | 6:7",
        "1:9 | 6:7 | 2:9 | 5:13",
        "3:7 | 6:7! | 2:9 | 5:13",
        "4:9 | b7:13 | 1:9 | 6:7",
        "1:9 6:7 | 2:9 5:13 | 3:7 6:7! | 2:9 5:13",
    ),
    dark=(
        "1:9 | 4:9 | 7:13 | 3:9",
        "1:9 | 6:9 | 4:9 | 5:7!",
        "4:9 | 7:13 | 3:9 | 6:9",
        "1:9 | % | 4:9 | 1:9",
        "6:9 | 5:7! | 1:9 | 1:6",
    ),
    home="1:69",
    cadence="5:7!",
    feel=Feel(swing=0.64, swung=2, drums_ms=4, players_ms=8),
    grooves=(
        {"pedal": "....x.......x...", "ride": "x...o...x...o..."},
        {
            "ride": "x...X.x.x...X.x.",
            "pedal": "....x.......x...",
            "kick": "g...g...g...g...",
            "snare": "......?.......g.",
        },
        {
            "ride": "x...X.x.x...X.x.",
            "pedal": "....x.......x...",
            "kick": "g.....?.g...g...",
            "snare": "..g...x...?...g.",
        },
    ),
    fills=(
        {"snare": "x.x.x.X.", "kick": "......X.", "ride": "x......."},
        {"snare": "..x...x.", "tom_mid": "....x...", "tom_low": "......x.", "pedal": "....x..."},
    ),
    tunes=("x-x-x-x---......", "..x-x---x-x-x---", "x---..x-x-x-....", "....x-x-x-x-x-x-", "x-x---x-..x-x---"),
    players=(
        Player(
            name="piano",
            stem="chords",
            role="chords",
            voices=("piano", "epiano", "guitar_clean"),
            cells=("X-....x-........", "......X-....x---", "x---..X-......x-", "..x-......X-....", "X-....x---......"),
            strum_ms=5,
            register=(50, 72),
            desk=Desk(level_db=-4, pan=-0.25, width=0.5, send=0.2, low_cut_hz=120, brightness=0.5),
        ),
        Player(
            name="bass",
            stem="bass",
            role="bass",
            voices=("bass_upright",),
            cells=("w---w---w---w---", "w---w---w---w-w-", "1-----5-1---5---"),
            register=(31, 55),
            desk=Desk(level_db=-1.5, width=0.1, send=0.1, brightness=0.45),
        ),
        Player(
            name="drums",
            stem="drums",
            role="drums",
            voices=("kit_brush",),
            desk=Desk(level_db=-4, pan=0.1, width=0.6, send=0.16, brightness=0.45),
        ),
        Player(
            name="solo",
            stem="lead",
            role="tune",
            voices=("piano", "vibraphone", "flute"),
            plays="a b break",
            register=(62, 86),
            desk=Desk(level_db=-2, pan=0.15, width=0.4, send=0.22, low_cut_hz=150),
        ),
        Player(
            name="answer",
            stem="lead",
            role="counter",
            voices=("vibraphone", "guitar_clean"),
            plays="b",
            register=(57, 79),
            desk=Desk(level_db=-8, pan=0.35, send=0.28, low_cut_hz=180),
        ),
    ),
    energies={"break": 0.45, "b": 0.75},
    room=Room(decay_s=1.1, damping=0.5, predelay_s=0.01),
    drive=0.15,
)
