import stat

import pytest

from segue.errors import Unavailable
from segue.playback import KeyRing, Signer, write_secret


def signed(key):
    """What a key makes of one and the same grant."""
    return Signer(key, "https://music.example", 300).url("usr_1", "mtrack_1", "master", now=0)[-64:]


def test_adding_a_key_rotates_and_keeps_the_old_ones(tmp_path):
    ring = KeyRing(tmp_path / "keys")
    ring.add()
    first = ring.load()
    ring.add()
    assert list(first) == ["0001"]
    assert list(ring.load()) == ["0001", "0002"]
    assert signed(ring.load()["0001"]) == signed(first["0001"])
    assert signed(ring.load()["0002"]) != signed(first["0001"])
    secrets = [bytes.fromhex(path.read_text()) for path in (tmp_path / "keys").iterdir()]
    assert [len(each) for each in secrets] == [32, 32]
    assert secrets[0] != secrets[1]


def test_a_number_is_not_used_again_while_a_later_key_stands(tmp_path):
    ring = KeyRing(tmp_path)
    for _ in range(3):
        ring.add()
    (tmp_path / "playback-0002.key").unlink()
    ring.add()
    assert list(ring.load()) == ["0001", "0003", "0004"]


def test_only_their_owner_reads_them(tmp_path):
    ring = KeyRing(tmp_path / "keys")
    ring.add()
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "keys" / "playback-0001.key").stat().st_mode) == 0o600


def test_a_secret_is_never_written_over(tmp_path):
    write_secret(tmp_path / "audit.key", b"one")
    with pytest.raises(FileExistsError):
        write_secret(tmp_path / "audit.key", b"two")
    assert bytes.fromhex((tmp_path / "audit.key").read_text()) == b"one"


def test_without_a_key_there_is_a_sentence(tmp_path):
    (tmp_path / "audit.key").write_text("00")
    with pytest.raises(Unavailable, match="There is no signing key in"):
        KeyRing(tmp_path).load()
