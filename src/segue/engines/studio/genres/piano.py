"""Pure. Piano: one player with two hands, felt between hammers and strings."""

from segue.engines.studio.score import Room
from segue.engines.studio.table import Desk, Feel, Genre, Player

PIANO = Genre(
    name="piano",
    tempo_bpm=(62, 84),
    modes=("major", "minor", "dorian", "minor", "lydian"),
    bright=(
        "1:add9 | 3:7 | 6:7 | 4:9",
        "4:9 | 5:6 | 3:7 | 6:7",
        "6:7 | 4:9 | 1:add9 | 5:sus4",
        "2:9 | 5:7 | 1:9 | 4:9",
        "1:add9 | 5 | 4:9 | 1:add9",
    ),
    dark=(
        "1:add9 | 6:9 | 3:9 | 7:add9",
        "1:add9 | 4:9 | 7:add9 | 3:9",
        "6:9 | 7:add9 | 1:9 | 5:7",
        "4:9 | 1:add9 | 6:9 | 5:7!",
        "3:9 | 7:add9 | 4:9 | 6:9",
    ),
    home="1:add9",
    cadence="5:sus4",
    feel=Feel(players_ms=8),
    tunes=(
        "x---x-x-x-------",
        "..x-x-x-x---x---",
        "x-----x-x-------",
        "....x-x-x-x-x---",
        "x-x-x---x-------",
        "x-----x---x-x---",
    ),
    players=(
        Player(
            name="right hand",
            stem="lead",
            role="tune",
            voices=("piano_felt", "piano"),
            plays="a b break outro",
            register=(62, 86),
            desk=Desk(level_db=-2, pan=0.12, width=0.5, send=0.35, low_cut_hz=120, brightness=0.4),
        ),
        Player(
            name="left hand",
            stem="chords",
            role="chords",
            voices=("piano_felt", "piano"),
            hands=4,
            touch=0.82,
            cells=("1-2-3-4-3-2-4-3-", "1---3-4-2---3-4-", "X-------..3-4---", "1-3-2-4-------3-", "1-----3-4---3---"),
            strum_ms=30,
            pedal=True,
            register=(48, 67),
            desk=Desk(level_db=-3, pan=-0.1, width=0.6, send=0.35, low_cut_hz=70, brightness=0.35),
        ),
        Player(
            name="low hand",
            stem="bass",
            role="bass",
            voices=("piano_felt", "piano"),
            touch=0.8,
            cells=("1---------------", "1-------5-------", "1-----5-8-------"),
            pedal=True,
            register=(33, 52),
            desk=Desk(level_db=-5, pan=-0.2, width=0.4, send=0.3, brightness=0.3),
        ),
    ),
    energies={"intro": 0.3, "a": 0.5, "b": 0.75, "break": 0.35, "outro": 0.35},
    room=Room(decay_s=2.6, damping=0.5, predelay_s=0.02),
    drive=0.05,
)
