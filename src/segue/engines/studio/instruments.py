"""Pure. What each voice can be used for: the pitches it has, and the roles it takes when somebody asks for it."""

from segue.engines.studio.score import VOICES
from segue.engines.studio.table import LANES, Desk, Player, Role

# The lowest and the highest pitch that a voice plays. Kits have drums instead, and what is no instrument has one pitch.
RANGES: dict[str, tuple[int, int]] = {
    **{voice: (min(LANES.values()), max(LANES.values())) for voice in VOICES if voice.startswith("kit_")},
    **dict.fromkeys(("riser", "vinyl", "rain", "wind"), (60, 60)),
    **dict.fromkeys(("bass_upright", "bass_electric"), (28, 60)),
    **dict.fromkeys(("bass_sub", "bass_synth", "bass_acid", "bass_chip"), (24, 60)),
    **dict.fromkeys(("piano", "piano_felt"), (21, 108)),
    "epiano": (28, 96),
    "organ": (36, 96),
    **dict.fromkeys(("guitar_clean", "guitar_muted", "guitar_drive"), (40, 86)),
    "strings": (36, 96),
    "strings_pizzicato": (36, 91),
    "cello": (36, 76),
    "horns": (41, 77),
    "brass": (46, 82),
    "choir": (43, 84),
    **dict.fromkeys(("pad_warm", "pad_saw", "pad_glass"), (36, 96)),
    **dict.fromkeys(("stab", "pluck"), (40, 96)),
    "bell": (60, 108),
    "vibraphone": (53, 89),
    "marimba": (45, 96),
    "flute": (60, 96),
    **dict.fromkeys(("lead_sine", "lead_saw", "lead_square"), (45, 96)),
    **dict.fromkeys(("chip_chords", "chip_lead"), (40, 100)),
    "drone_low": (24, 60),
    "drone_air": (45, 96),
}

# Which roles a voice takes, the likeliest first.
ROLES: dict[str, tuple[Role, ...]] = {
    **{voice: ("drums",) for voice in VOICES if voice.startswith("kit_")},
    **{voice: ("bass",) for voice in VOICES if voice.startswith("bass_")},
    **dict.fromkeys(("piano", "piano_felt"), ("chords", "tune")),
    **dict.fromkeys(("epiano", "stab", "guitar_muted", "chip_chords", "strings_pizzicato"), ("chords",)),
    "organ": ("chords", "pad"),
    "guitar_clean": ("chords", "tune"),
    "guitar_drive": ("chords", "tune"),
    "strings": ("pad", "counter", "tune"),
    "cello": ("counter", "tune"),
    "horns": ("counter", "tune"),
    "brass": ("counter", "chords"),
    **dict.fromkeys(("choir", "pad_warm", "pad_saw", "pad_glass"), ("pad",)),
    "pluck": ("chords", "tune"),
    "bell": ("sparkle", "tune"),
    "vibraphone": ("tune", "chords"),
    "marimba": ("chords", "tune"),
    **dict.fromkeys(("flute", "lead_sine", "lead_saw", "lead_square", "chip_lead"), ("tune", "counter")),
    "drone_low": ("drone",),
    "drone_air": ("drone", "pad"),
    "riser": ("riser",),
    **dict.fromkeys(("vinyl", "rain", "wind"), ("texture",)),
}

# Whoever is asked for in a genre that has nobody for the role.
GUESTS: dict[Role, Player] = {
    "bass": Player(
        name="guest bass",
        stem="bass",
        role="bass",
        voices=("bass_upright",),
        plays="a b outro",
        cells=("1-------5-------", "1---------5-----"),
        register=(29, 50),
        desk=Desk(level_db=-3, width=0, send=0.05),
    ),
    "chords": Player(
        name="guest chords",
        stem="chords",
        role="chords",
        voices=("epiano",),
        cells=("X-------x-------", "1---3---2---4---", "X-----x---x-----"),
        register=(52, 76),
        desk=Desk(level_db=-5, pan=0.2, width=0.5, send=0.25, low_cut_hz=150),
    ),
    "pad": Player(
        name="guest pad",
        stem="pads",
        role="pad",
        voices=("pad_warm",),
        hands=3,
        register=(53, 76),
        desk=Desk(level_db=-8, width=0.9, send=0.4, duck=0.3, low_cut_hz=220, brightness=0.4),
    ),
    "tune": Player(
        name="guest lead",
        stem="lead",
        role="tune",
        voices=("flute",),
        plays="a b break",
        register=(62, 84),
        desk=Desk(level_db=-4, pan=-0.15, send=0.35, low_cut_hz=200),
    ),
    "counter": Player(
        name="guest answer",
        stem="strings",
        role="counter",
        voices=("cello",),
        plays="a b break",
        register=(48, 69),
        desk=Desk(level_db=-6, pan=0.25, send=0.35, low_cut_hz=130),
    ),
    "sparkle": Player(
        name="guest bells",
        stem="lead",
        role="sparkle",
        voices=("bell",),
        register=(72, 93),
        desk=Desk(level_db=-10, pan=0.3, width=0.6, send=0.5, low_cut_hz=300),
    ),
    "drone": Player(
        name="guest drone",
        stem="pads",
        role="drone",
        voices=("drone_air",),
        hands=2,
        register=(48, 67),
        desk=Desk(level_db=-10, width=0.9, send=0.4, low_cut_hz=180),
    ),
    "texture": Player(
        name="guest texture",
        stem="fx",
        role="texture",
        voices=("rain",),
        desk=Desk(level_db=-17, width=0.9, send=0, low_cut_hz=250),
    ),
    "riser": Player(
        name="guest riser",
        stem="fx",
        role="riser",
        voices=("riser",),
        desk=Desk(level_db=-12, width=0.8, send=0.3, low_cut_hz=250),
    ),
}


def within(register: tuple[int, int], voice: str) -> tuple[int, int]:
    """The register of a player on this voice: moved by octaves into what the voice has, and cut to it."""
    lowest, highest = RANGES[voice]
    low, high = register
    while low < lowest and high + 12 <= highest + 6:
        low, high = low + 12, high + 12
    while high > highest and low - 12 >= lowest - 6:
        low, high = low - 12, high - 12
    return max(low, lowest), min(high, highest)
