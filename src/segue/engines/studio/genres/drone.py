"""Pure. Drone: one ground that shifts so slowly that it is felt before it is heard."""

from segue.engines.studio.score import Room
from segue.engines.studio.table import Desk, Feel, Genre, Player

DRONE = Genre(
    name="drone",
    tempo_bpm=(48, 60),
    modes=("dorian", "phrygian", "minor", "mixolydian", "lydian"),
    bright=("1:add9 | % | % | %", "b7:add9 | % | % | %", "4:add9 | % | % | %", "5:sus2 | % | 2:sus4 | %"),
    dark=("1:sus2 | % | % | %", "6:add9 | % | % | %", "4:sus2 | % | % | %", "7:add9 | % | 5:sus4 | %"),
    home="1:sus2",
    cadence="4:sus2",
    feel=Feel(players_ms=8),
    players=(
        Player(
            name="ground",
            stem="bass",
            role="drone",
            voices=("drone_low",),
            hands=2,
            register=(28, 50),
            desk=Desk(level_db=-2, width=0.3, send=0.25, brightness=0.3),
        ),
        Player(
            name="air",
            stem="pads",
            role="pad",
            voices=("drone_air", "pad_glass", "choir"),
            plays="intro a b break outro",
            hands=3,
            register=(52, 74),
            desk=Desk(level_db=-5, width=1, send=0.5, low_cut_hz=190, brightness=0.35),
        ),
        Player(
            name="strings",
            stem="strings",
            role="pad",
            voices=("cello", "strings", "horns"),
            plays="a b",
            late=True,
            hands=2,
            register=(45, 64),
            desk=Desk(level_db=-8, width=0.7, send=0.5, low_cut_hz=120, brightness=0.3),
        ),
        Player(
            name="bells",
            stem="lead",
            role="sparkle",
            voices=("bell", "pad_glass"),
            plays="b break",
            pedal=True,
            register=(69, 88),
            desk=Desk(level_db=-14, pan=-0.25, width=0.8, send=0.7, low_cut_hz=280, brightness=0.35),
        ),
        Player(
            name="wind",
            stem="fx",
            role="texture",
            voices=("wind", "rain"),
            plays="intro break outro",
            desk=Desk(level_db=-18, width=1, send=0.15, low_cut_hz=200),
        ),
    ),
    energies={"intro": 0.2, "a": 0.4, "b": 0.65, "break": 0.3, "outro": 0.2},
    room=Room(decay_s=6.0, damping=0.55, predelay_s=0.04),
    drive=0.15,
    target_lufs=-20.0,
)
