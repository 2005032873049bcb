"""Pure. The words, English and German, that a prompt is understood by. Umlauts are written out, `*` is any ending."""

GENRE_WORDS = {
    "lo-fi": (
        "lo fi, lofi, chillhop, chill hop, chill beats, chill beat, study beat, study beats, hip hop, hiphop, boom bap"
    ),
    "ambient": (
        "ambient*, soundscape*, klanglandschaft*, klangteppich, atmospheric, atmosphaerisch*, space music, "
        "weltraummusik"
    ),
    "house": "house, deep house, disco, dance music, edm, tanzmusik",
    "techno": "techno, rave, minimal techno, acid, industrial",
    "piano": (
        "solo piano, piano solo, felt piano, piano piece, piano music, piano ballad, only piano, just piano, "
        "klavierstueck*, klaviermusik, klaviersolo, soloklavier, nur klavier, klavierballade, pianomusik, nocturne"
    ),
    "orchestral": (
        "orchestra*, orchester*, symphon*, sinfon*, string quartet, streichquartett, string ensemble, "
        "streichorchester, classical, klassik*, klassisch*, chamber music, kammermusik, philharmon*, baroque, barock*"
    ),
    "funk": "funk, funky, funkig*, groove, groovy, soul, motown",
    "rock": "rock, rockig*, punk, metal, indie, grunge, rock n roll, rocksong, alternative",
    "chiptune": (
        "chiptune*, chip tune, 8 bit, 8bit, video game, videospiel*, arcade, gameboy, game boy, pixel*, nes, retro game"
    ),
    "drone": "drone, drones, dark ambient, drone music, dauerton*, bordun",
    "jazz": "jazz*, free jazz, swing, bebop, bossa*, bar music, barmusik, jazz trio, smooth jazz",
    "synthwave": (
        "synthwave, synth wave, retrowave, outrun, vaporwave, synthpop, synth pop, eighties, 80s, 80er, italo*"
    ),
    "folk": (
        "folk*, acoustic, akustisch*, akustik*, country, singer songwriter, campfire, lagerfeuer*, volksmusik, irish, "
        "celtic, keltisch*"
    ),
    "cinematic": "cinematic, film score, soundtrack, trailer*, epic, episch*, filmmusik, film music, score, kino*",
    "trip-hop": "trip hop, triphop, downtempo, bristol, noir",
    "drum and bass": "drum and bass, drum n bass, drum bass, dnb, d n b, jungle, breakbeat*, liquid",
    "sleep": "sleep*, schlaf*, einschlaf*, lullaby, wiegenlied*, bedtime, gute nacht, insomnia",
    "minimal": (
        "minimal, minimalist*, minimal electronic, soft electronic, electronica, idm, elektronisch*, electronic, "
        "elektronik, electro, focus beat*"
    ),
}

# Words that suggest a genre only where none is named.
MOOD_GENRES = {
    "lo-fi": (
        "study*, lernen, lern*, homework, hausaufgaben, coding, programmier*, coffee*, kaffee*, cafe, lazy, faul*, "
        "chill*, cozy, gemuetlich*, beats, rainy day"
    ),
    "ambient": (
        "calm*, relax*, entspann*, peaceful, friedlich*, meditat*, ruhig*, float*, schweb*, dream*, traum*, traeum*, "
        "space*, weltraum*, yoga, ocean, meer, wellen, spa, nature, natur"
    ),
    "house": "party, dance, tanz*, club*, workout, running, laufen, fitness, sport*, energ*",
    "techno": "machine*, maschine*, warehouse, hypnotic, hypnotisch*, dark club",
    "orchestral": "majestic, majestaetisch*, noble, festlich*, solemn, feierlich*, elegant*",
    "cinematic": (
        "dramatic, dramatisch*, heroic, heroisch*, battle, schlacht, suspense, spannend*, spannung, tension, hope*, "
        "hoffnung*, fantasy, adventure, abenteuer*"
    ),
    "folk": (
        "happy, froehlich*, sunny, sonnig*, summer, sommer*, wandern, hiking, wedding, hochzeit*, warm hearted, "
        "herzlich*"
    ),
    "funk": "cool, laessig*, fun, lustig*, quirky, witzig*",
    "piano": (
        "sad, traurig*, melanchol*, nostalg*, intimate, intim*, tender, zart*, romantic, romantisch*, love, liebe*, "
        "abschied*, einsam*, lonely"
    ),
    "synthwave": "neon*, night drive, nachtfahrt, retro*, cyber*, miami",
    "trip-hop": "smoky, rauchig*, mysterious, geheimnisvoll*, moody, sultry",
    "rock": "angry, wuetend*, wild*, rebell*, stadium, road trip",
    "minimal": "focus*, fokus*, konzentr*, concentrat*, arbeit*, work, working, deep work",
    "drone": "void, leere, eerie, unheimlich*, horror, gruselig*",
}

# By the voice that is meant; a word of a whole family means its usual member.
VOICE_WORDS = {
    "piano": "piano, grand piano, klavier, fluegel, pianos",
    "piano_felt": "felt piano, soft piano, leises klavier, filzklavier",
    "epiano": (
        "rhodes, warm keys, keys, tasten, electric piano, e piano, epiano, wurlitzer, keyboard*, fender rhodes, "
        "e klavier"
    ),
    "organ": "organ, orgel, hammond, organs",
    "guitar_clean": "guitar, guitars, acoustic guitar, clean guitar, gitarre*, akustikgitarre*, westerngitarre",
    "guitar_muted": "muted guitar, wah guitar, funk guitar",
    "guitar_drive": (
        "electric guitar, distorted guitar, e gitarre*, distortion, overdrive, verzerrte gitarre*, power chords"
    ),
    "strings": "strings, string section, streicher*, violin*, geige*, violine*, fiddle",
    "strings_pizzicato": "pizzicato, plucked strings, gezupft*",
    "cello": "cello, cellos, celli, violoncello, viola, bratsche",
    "horns": "horn, horns, french horn*, waldhorn*, hoerner",
    "brass": "brass, trumpet*, trompete*, trombone*, posaune*, blaeser*, blech*, saxophon*, sax",
    "choir": "choir, choirs, chor, choere, choral, voices, stimmen",
    "pad_warm": "pad, pads, warm pad, warm pads, flaeche*, synth pad*",
    "pad_glass": "glass pad, glass pads, glassy, glaesern*, shimmer*",
    "pad_saw": "supersaw, saw pad, synth, synths, synthesizer*, synthesiser*",
    "stab": "stab, stabs, chord stabs",
    "pluck": "pluck, plucks, harp, harfe, kalimba, plucked",
    "bell": "bell, bells, glocke*, gloeckchen, glockenspiel, celesta, music box, spieluhr, chime*",
    "vibraphone": "vibraphon*, vibes, mallet*",
    "marimba": "marimba*, xylophon*",
    "flute": "flute, flutes, floete*, querfloete*, whistle, woodwind*, holzblaeser, clarinet, klarinette, oboe",
    "lead_sine": "theremin, sine lead",
    "lead_saw": "synth lead, saw lead, lead synth",
    "lead_square": "square lead, square wave",
    "bass_upright": "upright bass, double bass, kontrabass",
    "bass_electric": "bass guitar, electric bass, bassgitarre, e bass, slap bass, bass, basslinie, bassline",
    "bass_sub": "sub bass, subbass, 808, deep bass, tiefer bass",
    "bass_synth": "synth bass, synthbass",
    "bass_acid": "acid bass, 303, acid line",
    "drone_low": "low drone",
    "drone_air": "airy drone, air pad",
    "vinyl": "vinyl*, crackle, knistern, knister*, record noise, schallplatte*",
    "rain": "rain, rainy, regen*, rainfall, storm, gewitter",
    "wind": "wind, breeze, brise, windig*",
    "kit_brush": "brushes, besen, brushed drums",
    "kit_rock": "rock drums, live drums",
    "kit_lofi": "lofi drums, dusty drums, staubig*",
    "drums": (
        "drum, drums, beat, percussion, schlagzeug*, trommel*, perkussion, drumbeat, drum kit, drum machine, rhythm, "
        "kick"
    ),
    "tune": "melody, melodie*, lead, tune, lead melody, hook, hooks",
}

# What one negated word takes away beside the voice itself.
FAMILIES = {
    "piano": ("piano", "piano_felt"),
    "guitar_clean": ("guitar_clean", "guitar_muted", "guitar_drive"),
    "strings": ("strings", "strings_pizzicato", "cello"),
    "pad_warm": ("pad_warm", "pad_saw", "pad_glass"),
    "pad_saw": ("pad_saw", "pad_warm", "pad_glass", "lead_saw", "lead_square", "bass_synth", "bass_acid"),
    "bass_electric": ("bass",),
    "brass": ("brass", "horns"),
}

# From -1 to 1: how strong, how bright, how full, how fast.
ENERGY_WORDS = {
    1.0: (
        "energ*, powerful, driving, treibend*, kraftvoll*, kraeftig*, intense, intensiv*, aggressive, aggressiv*, "
        "hard, hart, loud, laut, pumping, exciting, aufregend*, explosive, mitreissend*, massive, epic, episch*, "
        "wild*"
    ),
    0.5: "upbeat, lively, lebhaft*, lebendig*, bouncy, happy, froehlich*, dance, tanz*, groovy, beschwingt*, party",
    -0.5: "mellow, laid back, relax*, entspann*, chill*, gelassen*, easy, smooth, cozy, gemuetlich*, melanchol*",
    -1.0: (
        "calm*, gentle, gently, soft, softly, quiet*, peaceful, sanft*, ruhig*, leise*, still*, friedlich*, tender, "
        "zart*, soothing, beruhigend*, sleepy, intimate, intim*, delicate, meditat*"
    ),
}
MOOD_WORDS = {
    1.0: (
        "bright, happy, joyful, joyous, cheerful, sunny, uplifting, hell, heiter*, froehlich*, gluecklich*, sonnig*, "
        "freudig*, optimist*, hopeful, hoffnungsvoll*, positive, playful, verspielt*, lustig*, summer*, sommer*, "
        "euphor*, triumph*"
    ),
    -1.0: (
        "dark, sad, gloomy, moody, melanchol*, dunkel*, dunkle*, duester*, traurig*, brooding, ominous, tense, "
        "bedrohlich*, unheimlich*, mysterious, geheimnisvoll*, somber, sombre, schwermuet*, lonely, einsam*, horror, "
        "noir, cold, kalt*, bitter*, eerie, angry"
    ),
}
DENSITY_WORDS = {
    1.0: (
        "dense, busy, full, lush, rich, layered, dicht*, ueppig*, voll, voller, reich*, vielschichtig*, complex, "
        "komplex*, maximal*, huge, big"
    ),
    -1.0: (
        "sparse, sparsely, minimal, minimalist*, simple, stripped, bare, empty, reduzi*, spaerlich*, schlicht*, "
        "karg*, einfach*, leer, sparsam*, spacious, weit"
    ),
}
PACE_WORDS = {
    1.0: "fast, faster, quick, quickly, uptempo, up tempo, rapid, schnell*, rasant*, flott*, presto, allegro, zuegig*",
    -1.0: (
        "slow, slowly, slower, downtempo, down tempo, langsam*, gemaechlich*, adagio, largo, lento, getragen*, "
        "schleppend*"
    ),
}

# These take away a quality, or a thing: after "not fast" nothing else is taken away.
DENIALS = frozenset({"not", "nicht", "never"})
# These take away a thing, whatever it is said to be like: "without any loud drums" is without drums.
NEGATIONS = DENIALS | frozenset(
    {
        "no",
        "without",
        "ohne",
        "minus",
        "kein",
        "keine",
        "keinen",
        "keinem",
        "keiner",
        "zero",
        "dont",
        "sans",
        "avoid",
        "skip",
        "exclude",
        "neither",
        "weder",
        "drop",
        "omit",
    }
)
# What follows a thing that is not wanted: "drum-free".
FREE = frozenset({"free", "frei", "freie", "freier", "freies"})
LESS = {
    **dict.fromkeys(("drumless", "beatless", "schlagzeuglos", "unplugged", "drumfree", "schlagzeugfrei"), "drums"),
    "bassless": "bass",
}
# What may stand between a negation and what it takes away, and between two things that it takes away.
FILLERS = frozenset(
    {
        "any",
        "the",
        "a",
        "an",
        "real",
        "too",
        "zu",
        "so",
        "very",
        "sehr",
        "heavy",
        "loud",
        "laute",
        "lautes",
        "lauten",
        "harte",
        "hartes",
        "harten",
        "ein",
        "eine",
        "einen",
        "jede",
        "jegliche",
        "use",
        "have",
        "want",
        "need",
        "include",
        "add",
        "with",
        "mit",
    }
)
JOINTS = frozenset({"or", "and", "oder", "und", "nor", "noch"})
