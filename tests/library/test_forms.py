"""The multipart reader (RFC 7578), fed in pieces of any size."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segue.errors import Invalid, Malformed, TooLarge
from segue.library.files import ARTWORK_BYTES_MAX
from segue.library.forms import Expected, read_form
from segue.limits import FORM_FIELD_BYTES_MAX

EXPECTED = Expected(
    frozenset({"title", "instrumental", "licence", "credits"}),
    {"file": 10_000, "artwork": ARTWORK_BYTES_MAX},
    frozenset({"file"}),
)
KIND = "multipart/form-data; boundary=edge"


def part(name, content, filename=None):
    shown = f'; filename="{filename}"' if filename is not None else ""
    return b"".join(
        (b'--edge\r\nContent-Disposition: form-data; name="', name, b'"', shown.encode(), b"\r\n\r\n", content, b"\r\n")
    )


def form(*parts):
    return b"".join(parts) + b"--edge--\r\n"


async def pieces(body, size):
    for at in range(0, len(body), size):
        yield body[at : at + size]
        yield b""


async def read(body, folder, *, size=64, limit=10_000, kind=KIND):
    expected = replace(EXPECTED, files=EXPECTED.files | {"file": limit})
    return await read_form(pieces(body, size), kind, folder, expected)


SONG = part(b"file", b"RIFF\r\n--edg\r\n\x00\xff", "song.wav")


@pytest.mark.parametrize("size", [1, 2, 7, 64, 100_000])
async def test_the_file_goes_to_disk_and_the_fields_to_memory(tmp_path, size):
    body = form(
        part(b"title", "Später".encode()), SONG, part(b"licence", b"own"), part(b"artwork", b"\x89PNG", "a.png")
    )
    upload = await read(body, tmp_path, size=size)
    assert upload.fields == {"title": "Später", "licence": "own"}
    assert upload.filename == "song.wav"
    assert upload.files["file"].read_bytes() == b"RIFF\r\n--edg\r\n\x00\xff"
    assert upload.files["artwork"].read_bytes() == b"\x89PNG"
    assert {path.parent for path in upload.files.values()} == {tmp_path}


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..\\x", "\x00", "", "a" * 2_000])
async def test_no_name_of_a_client_becomes_a_path(tmp_path, name):
    upload = await read(form(part(b"file", b"x", name)), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["file-upload"]
    assert upload.files["file"].read_bytes() == b"x"


@pytest.mark.parametrize(
    ("body", "failure", "field"),
    [
        (form(part(b"title", b"x")), Invalid, "file"),
        (form(), Invalid, "file"),
        (form(SONG, part(b"owner", b"x")), Invalid, "owner"),
        (form(SONG, SONG), Invalid, "file"),
        (form(SONG, part(b"title", b"a"), part(b"title", b"b")), Invalid, "title"),
        (form(SONG, part(b"artwork", b"a"), part(b"artwork", b"b")), Invalid, "artwork"),
        (form(SONG, part(b"title", b"\xff")), Malformed, None),
        (form(SONG, *(part(b"title", b"") for _ in range(20))), (Malformed, Invalid), None),
        (form(SONG)[:-6], Malformed, None),
        (SONG, Malformed, None),
        (SONG[:40], Malformed, None),
        (b"", Malformed, None),
        (b"nonsense", Malformed, None),
        (b"--other\r\n\r\n--other--\r\n", Malformed, None),
        (form(SONG).replace(b'name="file"', b"name"), (Malformed, Invalid), None),
        (form(part(b"title", b"x" * (FORM_FIELD_BYTES_MAX + 1)), SONG), TooLarge, None),
        (form(part(b"file", b"x" * 10_001, "a")), TooLarge, None),
    ],
)
async def test_what_is_wrong_is_told(tmp_path, body, failure, field):
    with pytest.raises(failure) as refused:
        await read(body, tmp_path)
    if field is not None:
        assert [error["field"] for error in refused.value.details["errors"]] == [field]


@pytest.mark.parametrize("kind", ["", "text/plain", "multipart/form-data", "multipart/mixed; boundary=edge", "\x00;;"])
async def test_what_is_no_form_is_told(tmp_path, kind):
    with pytest.raises(Malformed):
        await read(form(SONG), tmp_path, kind=kind)


async def test_a_file_of_exactly_the_limit_is_taken(tmp_path):
    assert (await read(form(part(b"file", b"x" * 10_000, "a")), tmp_path)).files


@pytest.mark.parametrize(("name", "limit"), [(b"file", 10_000), (b"artwork", ARTWORK_BYTES_MAX)])
async def test_a_file_is_cut_off_at_its_limit_and_the_rest_is_never_asked_for(tmp_path, name, limit):
    async def endless():
        yield part(name, b"")[:-2]
        for _ in range(limit // 50_000 + 1):
            yield b"x" * 50_000
        pytest.fail("it was read on")

    with pytest.raises(TooLarge):
        await read_form(endless(), KIND, tmp_path, EXPECTED)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= limit


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.integers(1, 50), st.booleans())
async def test_no_bytes_break_it(tmp_path, noise, size, inside):
    body = form(SONG)[:-4] + noise if inside else noise
    with suppress(Invalid, Malformed, TooLarge):
        await read(body, tmp_path, size=size)
