from pathlib import Path

import pytest

from segue.errors import NotFound
from segue.operations import Layout
from segue.settings import Settings

DATA = Path("/srv/segue")


def layout(**settings):
    return Layout(Settings(data_dir=DATA, **settings))


def test_everything_lies_in_the_data_folder_unless_it_is_said_otherwise():
    plain = layout()
    assert plain.database_url == "sqlite:////srv/segue/segue.db"
    assert plain.audit_url == "sqlite:////srv/segue/segue-audit.db"
    assert (plain.blobs, plain.keys) == (DATA / "blobs", DATA / "keys")
    assert layout(storage_url="file:///mnt/my%20music").blobs == Path("/mnt/my music")


@pytest.mark.parametrize(
    ("database_url", "audit_url"),
    [
        ("sqlite:////var/a.db", "sqlite:////var/a-audit.db"),
        ("sqlite:////var/a.sqlite3", "sqlite:////var/a.sqlite3-audit.db"),
        ("postgresql://u:p@h/d", "postgresql://u:p@h/d"),
    ],
)
def test_on_sqlite_the_audit_has_a_file_of_its_own(database_url, audit_url):
    assert layout(database_url=database_url).audit_url == audit_url


def test_quarantine_lies_on_the_file_system_of_the_blobs():
    assert layout(storage_url="file:///mnt/music").quarantine.is_relative_to("/mnt/music")


def test_links_begin_with_what_was_set_or_where_a_server_last_answered(tmp_path):
    plain = Layout(Settings(data_dir=tmp_path))
    assert plain.public_url == "http://127.0.0.1:8600"
    plain.address.write_text("http://127.0.0.1:9000\n")
    assert plain.public_url == "http://127.0.0.1:9000"
    assert Layout(Settings(data_dir=tmp_path, public_url="https://music.example")).public_url == "https://music.example"


def test_where_nothing_was_set_up_it_says_what_to_do(tmp_path):
    with pytest.raises(NotFound, match="Run `segue init` first"):
        Layout(Settings(data_dir=tmp_path)).require_set_up()
