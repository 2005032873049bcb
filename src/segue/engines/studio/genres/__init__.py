"""Pure. The genres, each a table in a file of its own."""

from segue.engines.studio.genres.ambient import AMBIENT
from segue.engines.studio.genres.chiptune import CHIPTUNE
from segue.engines.studio.genres.cinematic import CINEMATIC
from segue.engines.studio.genres.drone import DRONE
from segue.engines.studio.genres.drum_and_bass import DRUM_AND_BASS
from segue.engines.studio.genres.folk import FOLK
from segue.engines.studio.genres.funk import FUNK
from segue.engines.studio.genres.house import HOUSE
from segue.engines.studio.genres.jazz import JAZZ
from segue.engines.studio.genres.lofi import LOFI
from segue.engines.studio.genres.minimal import MINIMAL
from segue.engines.studio.genres.orchestral import ORCHESTRAL
from segue.engines.studio.genres.piano import PIANO
from segue.engines.studio.genres.rock import ROCK
from segue.engines.studio.genres.sleep import SLEEP
from segue.engines.studio.genres.synthwave import SYNTHWAVE
from segue.engines.studio.genres.techno import TECHNO
from segue.engines.studio.genres.triphop import TRIPHOP
from segue.engines.studio.table import Genre

GENRES: dict[str, Genre] = {
    genre.name: genre
    for genre in (
        LOFI,
        AMBIENT,
        HOUSE,
        TECHNO,
        PIANO,
        ORCHESTRAL,
        FUNK,
        ROCK,
        CHIPTUNE,
        DRONE,
        JAZZ,
        SYNTHWAVE,
        FOLK,
        CINEMATIC,
        TRIPHOP,
        DRUM_AND_BASS,
        SLEEP,
        MINIMAL,
    )
}

__all__ = ["GENRES"]
