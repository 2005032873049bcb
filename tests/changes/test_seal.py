"""What is sealed opens under its name and secret, and under nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from segue.changes import Seal

SECRET = bytes(range(32))


@given(st.text(min_size=1), st.binary())
def test_it_opens_under_its_name(name, content):
    seal = Seal(SECRET)
    assert seal.open(name, seal.close(name, content)) == content
    assert seal.open(name + "x", seal.close(name, content)) is None
    assert Seal(b"\1" * 32).open(name, seal.close(name, content)) is None


@given(st.binary(min_size=1), st.integers(min_value=0))
def test_a_changed_byte_is_noticed(content, where):
    seal = Seal(SECRET)
    sealed = bytearray(seal.close("name", content))
    sealed[where % len(sealed)] ^= 1
    assert seal.open("name", bytes(sealed)) is None


def test_the_same_content_never_looks_the_same():
    seal = Seal(SECRET)
    assert seal.close("name", b"content") != seal.close("name", b"content")
    assert seal.digest("name") == Seal(SECRET).digest("name")
