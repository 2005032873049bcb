import asyncio
import struct
import zlib

import pytest
from factories.sound import flac_picture, id3, id3_picture, picture, sine, write
from PIL import Image

from segue.audio import ARTWORK_NAME, encode_artwork, inspect
from segue.errors import Invalid

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_claiming(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = png_chunk(b"IDAT", zlib.compress(bytes(60_000)))
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + data + png_chunk(b"IEND", b"")


@pytest.fixture
def covered(tmp_path):
    """An MP3 with this cover in its ID3 tag."""

    def make(cover: bytes, mime_type: str = "image/png"):
        path = write(tmp_path / f"{len(list(tmp_path.iterdir()))}.mp3", sine(0.3), "mp3")
        path.write_bytes(id3({"APIC": id3_picture(cover, mime_type)}) + path.read_bytes())
        return path

    return make


@pytest.mark.parametrize(("width", "height", "drawn"), [(1_500, 1_000, (1_200, 800)), (300, 300, (300, 300))])
def test_a_cover_is_drawn_anew_as_a_jpeg(into, measured, covered, width, height, drawn):
    facts = measured(covered(picture(width, height)))
    assert facts.has_artwork
    with Image.open(into / ARTWORK_NAME) as image:
        assert (image.format, image.size, image.mode) == ("JPEG", drawn, "RGB")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_nothing_of_the_picture_but_its_colours_goes_on(into, measured, covered, kind):
    exif = Image.Exif()
    exif[0x010E] = "hidden words"
    more = {"comment": b"hidden words"} if kind in {"JPEG", "GIF"} else {"exif": exif.tobytes()}
    assert (measured(covered(picture(64, 64, kind, **more)))).has_artwork
    assert b"hidden" not in (into / ARTWORK_NAME).read_bytes()


def test_what_is_see_through_becomes_white(into, measured, covered):
    measured(covered(picture(20, 20, mode="RGBA", colour=(0, 0, 0, 0))))
    with Image.open(into / ARTWORK_NAME) as image:
        assert image.getpixel((10, 10)) == (255, 255, 255)


def test_a_flac_has_a_cover_too(tmp_path, into, measured):
    path = write(tmp_path / "x.flac", sine(0.3), "flac")
    path.write_bytes(flac_picture(path.read_bytes(), picture(50, 40)))
    facts = measured(path)
    assert facts.has_artwork
    assert facts.duration_s == pytest.approx(0.3)
    assert (into / ARTWORK_NAME).exists()


BAD = {
    "bomb": png_claiming(60_000, 60_000),
    "large": png_claiming(5_000, 5_100),
    "cut off": png_claiming(500, 500),
    "svg": SVG,
    "tiff": picture(64, 64, "TIFF"),
    "short": picture(64, 64)[:90],
    "zeros": bytes(5_000),
    "empty": b"",
}


async def test_a_bad_cover_is_dropped_and_the_sound_stays(tmp_path, covered):
    async def has_artwork(name):
        into = tmp_path / name
        into.mkdir()
        facts = await inspect(covered(BAD[name], "image/svg+xml" if name == "svg" else "image/png"), into)
        assert facts.duration_s == pytest.approx(0.3, abs=0.03)
        return facts.has_artwork or (into / ARTWORK_NAME).exists()

    assert await asyncio.gather(*map(has_artwork, BAD)) == [False] * len(BAD)


async def test_a_picture_that_came_alone_is_drawn_anew_too(tmp_path):
    source, target = tmp_path / "x", tmp_path / "artwork.jpg"
    source.write_bytes(picture(1_500, 1_000))
    await encode_artwork(source, target)
    with Image.open(target) as image:
        assert (image.format, image.size) == ("JPEG", (1_200, 800))


@pytest.mark.parametrize("name", ["bomb", "svg"])
async def test_a_bad_picture_that_came_alone_is_refused(tmp_path, name):
    source, target = tmp_path / "x", tmp_path / "artwork.jpg"
    source.write_bytes(BAD[name])
    with pytest.raises(Invalid, match=r"^That is not a picture of a kind that is read here: .*\.$"):
        await encode_artwork(source, target)
    assert not target.exists()
