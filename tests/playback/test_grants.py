import hmac
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.errors import Unauthenticated
from segue.playback import STREAM, VIEW, Grant, Signer, SigningKey, verify

NOW = 1_782_642_600
SECRET = bytes(range(32))
KEY = SigningKey("0001", SECRET)
KEYS = {KEY.key_id: KEY}
SHARE, TRACK = "mslink_3a7f2c9e8b14", "mtrack_b4d9e1c6a72f"
SIGNER = Signer(KEY, "https://music.example", 300)

names = st.from_regex(r"[a-z]{2,6}_[0-9a-f]{12}", fullmatch=True)


def read(url, keys=KEYS, *, now=NOW):
    """The grant in a URL, as the media route reads it."""
    parts = urlsplit(url)
    _, _, track_id, rendition = parts.path.split("/")
    return verify(keys, track_id, rendition, parts.query, now=now)


def test_an_address_names_the_bytes_and_carries_its_grant():
    url = SIGNER.url(SHARE, TRACK, "master", now=NOW)
    assert url.startswith(f"https://music.example/media/{TRACK}/master?")
    given_back = parse_qs(urlsplit(url).query)
    assert set(given_back) == {"grant", "action", "expires", "key", "signature"}
    assert read(url) == Grant(SHARE, TRACK, "master", STREAM, NOW + 300)


@given(
    names,
    names,
    st.sampled_from(["original", "master", "artwork"]),
    st.sampled_from([STREAM, VIEW]),
    st.integers(0, 2**33),
)
def test_what_is_minted_is_read_back(grantee, track_id, rendition, action, now):
    assert read(SIGNER.url(grantee, track_id, rendition, action, now=now), now=now) == Grant(
        grantee, track_id, rendition, action, now + 300
    )


def test_the_signature_is_hmac_sha256_of_rfc_2104():
    url = SIGNER.url(SHARE, TRACK, "master", VIEW, now=NOW)
    message = "\n".join(["0001", SHARE, str(NOW + 300), TRACK, "master", VIEW])
    assert url.endswith("&signature=" + hmac.new(SECRET, message.encode(), "sha256").hexdigest())


@given(st.binary(min_size=1, max_size=64), names, names)
def test_it_is_so_for_keys_of_every_length(secret, grantee, track_id):
    key = SigningKey("0002", secret)
    url = Signer(key, "http://localhost", 30).url(grantee, track_id, "master", now=NOW)
    assert read(url, {"0002": key}).grantee == grantee


@pytest.mark.parametrize(("later_s", "good"), [(0, True), (299, True), (300, False), (301, False), (10**9, False)])
def test_it_is_good_for_its_lifetime_and_no_longer(later_s, good):
    url = SIGNER.url(SHARE, TRACK, "master", now=NOW)
    if good:
        assert read(url, now=NOW + later_s)
    else:
        with pytest.raises(Unauthenticated):
            read(url, now=NOW + later_s)


@given(st.data())
def test_no_change_of_any_part_is_overlooked(data):
    url = SIGNER.url(SHARE, TRACK, "master", now=NOW)
    at = data.draw(st.integers(url.index("/media/") + 7, len(url) - 1))
    other = data.draw(st.characters(codec="ascii", exclude_categories=["Cc"], exclude_characters=url[at] + "/?&=#%+"))
    changed = url[:at] + other + url[at + 1 :]
    try:
        grant = read(changed)
    except (Unauthenticated, ValueError):
        return
    # The only way through is to have changed a name of the query's parts into one that is not looked at.
    assert grant == read(url)


@given(st.text(max_size=2_000))
def test_nonsense_is_refused_and_never_breaks(query):
    with pytest.raises(Unauthenticated) as refused:
        verify(KEYS, TRACK, "master", query, now=NOW)
    assert refused.value.code == "TOKEN_INVALID"


def test_every_refusal_is_the_same():
    url = SIGNER.url(SHARE, TRACK, "master", now=NOW)
    wrong = [url[:-1], url.replace("key=0001", "key=0002"), url.replace(SHARE, "usr_000000000000"), url.split("?")[0]]
    sentences = set()
    for each in wrong:
        with pytest.raises(Unauthenticated) as refused:
            read(each)
        sentences.add((refused.value.message, refused.value.system_message))
    assert len(sentences) == 1


def test_after_a_rotation_the_old_key_still_verifies_and_the_new_one_signs():
    old = SIGNER.url(SHARE, TRACK, "master", now=NOW)
    newer = SigningKey("0002", b"n" * 32)
    both = KEYS | {"0002": newer}
    assert read(old, both)
    assert read(Signer(newer, "https://music.example", 300).url(SHARE, TRACK, "master", now=NOW), both)
    with pytest.raises(Unauthenticated):
        read(old, {"0002": newer})
