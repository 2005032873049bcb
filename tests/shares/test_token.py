import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.shares.token import NO_DIGEST, ShareToken, digest_of, new_token, token_in

TOKEN = "shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c"


def test_a_token_is_128_random_bits_behind_its_prefix():
    made = {new_token().raw for _ in range(1_000)}
    assert len(made) == 1_000
    assert all(re.fullmatch(r"shr_[0-9a-f]{32}", raw) for raw in made)


def test_its_digest_is_its_sha_256():
    assert ShareToken(TOKEN).digest().value == hashlib.sha256(TOKEN.encode()).digest()
    assert digest_of(TOKEN) == ShareToken(TOKEN).digest()


def test_it_does_not_print_itself():
    shown = f"{ShareToken(TOKEN)} {ShareToken(TOKEN)!r} {[ShareToken(TOKEN)]}"
    assert TOKEN not in shown
    assert TOKEN[4:] not in shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "shr_",
        TOKEN[:-1],
        TOKEN + "0",
        TOKEN.upper(),
        TOKEN + "\n",
        " " + TOKEN,
        TOKEN.replace("9", "\u0669"),  # a digit, but an Arabic one
        "shr_" + "g" * 32,
        "mslink_3a7f2c9e8b14",
        "\ud800",
        "x" * 10_000,
    ],
)
def test_what_is_no_token_has_the_digest_of_nothing(text):
    assert digest_of(text) == NO_DIGEST


@given(st.text())
def test_only_the_shape_of_a_token_is_ever_looked_up(text):
    assert (digest_of(text) == NO_DIGEST) == (re.fullmatch(r"shr_[0-9a-f]{32}", text, re.ASCII) is None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (TOKEN, True),
        (f"https://music.example/v1/music/shared/{TOKEN}", True),
        (f"  https://music.example/v1/music/shared/{TOKEN}/?play=#there \n", True),
        ("mslink_3a7f2c9e8b14", False),
        (f"https://music.example/?link={TOKEN}", False),
        (TOKEN + "0", False),
    ],
)
def test_a_token_is_found_at_the_end_of_a_link(text, found):
    assert token_in(text) == (ShareToken(TOKEN) if found else None)
