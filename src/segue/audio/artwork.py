"""Draws a picture that came inside a file anew, as a plain JPEG: of the file's own bytes none goes on.

SVG and every other format not in the list is refused by never being tried. A bad picture is dropped, not the sound.
"""

from io import BytesIO
from pathlib import Path

from PIL import Image, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
PIXELS_MAX = 25_000_000
SIDE_MAX = 1_200
_QUALITY = 85

Image.MAX_IMAGE_PIXELS = PIXELS_MAX


def write_artwork(picture: bytes, target: Path) -> bool:
    """Whether `picture` could be drawn to `target`, at most 1200 pixels a side; nothing is left there when not."""
    try:
        drawn = _drawn(picture)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, MemoryError):
        return False
    drawn.save(target, "JPEG", quality=_QUALITY, optimize=True)
    return True


def _drawn(picture: bytes) -> Image.Image:
    with Image.open(BytesIO(picture), formats=FORMATS) as opened:
        if opened.width * opened.height > PIXELS_MAX:
            raise Image.DecompressionBombError
        opened.draft("RGB", (SIDE_MAX, SIDE_MAX))
        opened.thumbnail((SIDE_MAX, SIDE_MAX))
        coloured = opened.convert("RGBA")
    # A new image has none of the old one's metadata; where the old one was see-through this one is white.
    drawn = Image.new("RGB", coloured.size, "white")
    drawn.paste(coloured, mask=coloured)
    return drawn
