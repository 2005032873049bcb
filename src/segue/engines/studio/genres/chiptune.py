"""Pure. Chiptune: square waves, a tune without a pause for breath."""

from segue.engines.studio.score import Room
from segue.engines.studio.table import Desk, Feel, Genre, Player

CHIPTUNE = Genre(
    name="chiptune",
    tempo_bpm=(126, 156),
    modes=("major", "major", "minor", "mixolydian", "dorian"),
    bright=("1 | 5 | 6 | 4", "1 | 4 | 5 | 1", "6 | 4 | 1 | 5", "4 | 5 | 3 | 6", "1 | b7 | 4 | 5"),
    dark=("1 | 6 | 7 | 1", "1 | 7 | 6 | 5!", "4 | 1 | 6 | 7", "1 | 3 | 7 | 4", "6 | 7 | 1 | 1"),
    cadence="5",
    feel=Feel(drums_ms=0.5, players_ms=1.5),
    grooves=(
        {"kick": "X.......X.......", "hat": "..o...o...o...o."},
        {"kick": "X.....x.X.......", "snare": "....X.......X...", "hat": "x.o.x.o.x.o.x.o."},
        {"kick": "X..x..x.X..x....", "snare": "....X.......X..x", "hat": "xoxoxoxoxoxoxoxo"},
    ),
    fills=(
        {"snare": "x.x.xxxX"},
        {"snare": "xXxXxXXX", "kick": "X...X..."},
        {"kick": "X.x.....", "snare": "....XxXx"},
    ),
    tunes=("x-x-x-x-x---x---", "x--x--x-x-x-x---", "x-x---x-x---x-x-", "x---x-x-x-x-x-..", "x-xxx-x-x-xxx---"),
    players=(
        Player(
            name="lead",
            stem="lead",
            role="tune",
            voices=("chip_lead",),
            plays="intro a b outro",
            register=(64, 91),
            desk=Desk(level_db=-3, pan=0.12, width=0.1, send=0.1, low_cut_hz=200),
        ),
        Player(
            name="bass",
            stem="bass",
            role="bass",
            voices=("bass_chip",),
            cells=("1-1-8-1-1-1-8-5-", "1-8-1-8-1-8-1-8-", "1---1-5-1---5-p-", "1-118-111-118-5-"),
            register=(33, 57),
            desk=Desk(level_db=-1, width=0, send=0),
        ),
        Player(
            name="chords",
            stem="chords",
            role="chords",
            voices=("chip_chords",),
            hands=3,
            cells=("1213121312131213", "x-.x-.x-x-.x-.x-", "x---x---x---x---", "1.2.3.2.1.2.3.2."),
            register=(55, 79),
            desk=Desk(level_db=-6, pan=-0.25, width=0.2, send=0.1, low_cut_hz=180),
        ),
        Player(
            name="drums",
            stem="drums",
            role="drums",
            voices=("kit_chip",),
            plays="a b outro",
            desk=Desk(level_db=-0.5, width=0.15, send=0.03),
        ),
        Player(
            name="echo",
            stem="lead",
            role="counter",
            voices=("chip_lead",),
            plays="b break",
            register=(60, 81),
            desk=Desk(level_db=-9, pan=0.4, send=0.15, low_cut_hz=200, brightness=0.4),
        ),
    ),
    room=Room(decay_s=0.7, damping=0.5, predelay_s=0.005),
    drive=0.3,
)
