"""Archives of stems from somebody else's server, good and hostile."""

import zipfile
from io import BytesIO

import pytest
from factories.elevenlabs_server import archive

from segue.engines.adapters.stems import STEMS_MAX, Unusable, taken_out

BYTES_MAX = 1_000_000


def taken(tmp_path, content, bytes_max=BYTES_MAX):
    packed = tmp_path / "stems.zip"
    packed.write_bytes(content)
    folder = tmp_path / "work"
    folder.mkdir(exist_ok=True)
    return taken_out(packed, folder, bytes_max=bytes_max)


def test_stems_are_called_by_what_they_hold(tmp_path):
    found = taken(tmp_path, archive({"vocals.mp3": b"a", "Lead Guitar.wav": b"b", "01-drums.flac": b"c"}))
    assert found == {
        "vocals": "stem_vocals.mp3",
        "lead_guitar": "stem_lead_guitar.wav",
        "01_drums": "stem_01_drums.flac",
    }
    assert (tmp_path / "work" / "stem_lead_guitar.wav").read_bytes() == b"b"


def encrypted() -> bytes:
    content = bytearray(archive({"vocals.mp3": b"secret"}))
    content[6] |= 1  # the flag in the member's own header
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1  # and in the directory
    return bytes(content)


def lying_about_its_size() -> bytes:
    """Ten megabytes of nothing that call themselves ten bytes."""
    content = bytearray(archive({"vocals.mp3": bytes(10_000_000)}))
    directory = content.index(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    return bytes(content)


def damaged() -> bytes:
    content = bytearray(archive({"vocals.mp3": bytes(range(256)) * 40}))
    content[60:90] = bytes(30)
    return bytes(content)


def twice_the_same_name() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as opened:
        opened.writestr("vocals.mp3", b"a")
        with pytest.warns(UserWarning, match="Duplicate name"):
            opened.writestr("vocals.mp3", b"b")
    return packed.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        archive({}),
        *(
            archive({"drums.mp3": b"good", name: b"bad"})
            for name in (
                "../vocals.mp3",
                "/etc/vocals.mp3",
                "stems/vocals.mp3",
                "stems\\vocals.mp3",
                "C:\\vocals.mp3",
                "vocals.mp3/",
                "vocals.exe",
                "vocals",
                ".mp3",
                "vocals.mp3.sh",
                "vo\ncals.mp3",
                "vöcals.mp3",
                "x" * 33 + ".mp3",
                "DRUMS.wav",
            )
        ),
        archive({f"stem{number}.mp3": b"x" for number in range(STEMS_MAX + 1)}),
        archive({"vocals.mp3": b""}),
        archive({"vocals.mp3": bytes(BYTES_MAX + 1)}),
        archive({"vocals.mp3": bytes(BYTES_MAX), "drums.mp3": b"x"}),
        encrypted(),
        lying_about_its_size(),
        damaged(),
    ],
)
def test_a_hostile_archive_leaves_nothing_behind(tmp_path, content):
    with pytest.raises(Unusable):
        taken(tmp_path, content)
    assert list((tmp_path / "work").iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["stems.zip", "work"]


def test_two_of_one_name_are_not_told_apart(tmp_path):
    with pytest.raises(Unusable):
        taken(tmp_path, twice_the_same_name())
    assert list((tmp_path / "work").iterdir()) == []


def test_the_bound_is_on_all_stems_together(tmp_path):
    assert taken(tmp_path, archive({"vocals.mp3": bytes(600), "drums.mp3": bytes(400)}), bytes_max=1_000)
