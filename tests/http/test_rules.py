"""The pure half of HTTP: what a client wants, which bytes, from where, and what is wrong with its body."""

from ipaddress import ip_network

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.errors import Invalid, Malformed
from segue.http import ClientAddresses, Unsatisfiable, prefers_html, read_json, satisfy


@pytest.mark.parametrize(
    ("accept", "html"),
    [
        ("*/*", False),
        ("application/json", False),
        ("application/json, text/plain, */*", False),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", True),
        ("text/html", True),
        ("TEXT/HTML", True),
        ("text/*", True),
        ("text/html, application/json", False),
        ("text/html;q=0.5, application/json", False),
        ("text/html, application/json;q=0.5", True),
        ("text/html;q=0", False),
        ("text/html;q=nonsense", False),
        ("", False),
        (",;,;q=", False),
        ("text/html," * 10_000, True),
    ],
)
def test_who_gets_a_page(accept, html):
    assert prefers_html(accept) is html


@pytest.mark.parametrize(
    ("header", "part"),
    [
        (None, None),
        ("bytes=0-9", (0, 10)),
        ("bytes=0-0", (0, 1)),
        ("bytes=990-2000", (990, 1000)),
        ("bytes=999-", (999, 1000)),
        ("bytes=0-", (0, 300)),
        ("bytes=500-", (500, 800)),
        ("bytes=-10", (990, 1000)),
        ("bytes=-5000", (0, 1000)),
        ("bytes = 0 - 9", (0, 10)),
        ("bytes=9-0", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("bytes=0-9,20-29", None),
        ("bytes=" + "0-1," * 1_000, None),
        ("items=0-9", None),
        ("bytes=--9", None),
        ("bytes=0x1-2", None),
        ("bytes=٠-٩", None),
        ("", None),
    ],
)
def test_which_bytes(header, part):
    assert satisfy(header, 1000, open_ended_max=300) == part


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=1000-1001", "bytes=99999999999999999-", "bytes=-0"])
def test_what_lies_beyond_the_end(header):
    with pytest.raises(Unsatisfiable):
        satisfy(header, 1000, open_ended_max=300)


@given(st.integers(1, 10_000), st.integers(0, 12_000), st.integers(0, 12_000))
def test_a_closed_range_is_what_a_slice_is(size, first, last):
    content = range(size)
    try:
        part = satisfy(f"bytes={first}-{last}", size, open_ended_max=1)
    except Unsatisfiable:
        assert first >= size
        return
    wanted = content[first : last + 1] if last >= first else content
    got = content if part is None else content[part[0] : part[1]]
    assert got == wanted


PROXIES = ClientAddresses((ip_network("10.0.0.0/8"), ip_network("2001:db8::/32")))


@pytest.mark.parametrize(
    ("peer", "header", "client"),
    [
        ("203.0.113.7", None, "203.0.113.7"),
        ("203.0.113.7", "192.0.2.1", "203.0.113.7"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", "6.6.6.6, 192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", "6.6.6.6, 192.0.2.1, 10.0.0.2", "192.0.2.1"),
        ("10.0.0.1", "192.0.2.1:4711", "192.0.2.1"),
        ("10.0.0.1", "[2001:db9::1]:4711", "2001:db9::1"),
        ("2001:db8::9", "2001:db9::1", "2001:db9::1"),
        ("10.0.0.1", "fe80::1%any text", "fe80::1"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "192.0.2.1, nonsense", "10.0.0.1"),
        ("10.0.0.1", "192.0.2.1, nonsense, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", ",,,", "10.0.0.1"),
        ("10.0.0.1", "192.0.2.1," + "10.0.0.2," * 10_000 + "192.0.2.9", "192.0.2.9"),
        ("::ffff:10.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("not an address", "192.0.2.1", "not an address"),
    ],
)
def test_whom_a_request_comes_from(peer, header, client):
    assert PROXIES.find(peer, header) == client


class Body(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    count: int = 0
    tags: list[str] = []


def test_a_body_is_read():
    assert read_json(b'{"name": "a", "count": 2}', Body) == Body("a", 2)


class Optional(msgspec.Struct, forbid_unknown_fields=True):
    count: int | None = None


def test_a_body_may_be_left_out_where_nothing_is_needed():
    assert read_json(b"", Optional) == Optional()


def test_every_fault_is_told_at_once():
    with pytest.raises(Invalid) as refused:
        read_json(b'{"count": "many", "tags": ["a", 2], "colour": 1}', Body)
    faults = {fault["field"]: fault["message"] for fault in refused.value.details["errors"]}
    assert faults == {
        "colour": "This field is not known.",
        "name": "This field is needed.",
        "count": "Expected int, got str.",
        "tags": "Expected str, got int at [1].",
    }


@pytest.mark.parametrize("body", [b"[]", b"1", b'"text"', b"null"])
def test_a_body_is_an_object(body):
    with pytest.raises(Invalid) as refused:
        read_json(body, Body)
    assert refused.value.details["errors"] == [{"field": "body", "message": "Expected an object."}]


@pytest.mark.parametrize("body", [b"{", b"{'name': 1}", b"\xff\xfe", b"[" * 10_000, b'{"name": "a"} x', b"\0"])
def test_what_is_no_json_is_told_so(body):
    with pytest.raises(Malformed) as refused:
        read_json(body, Body)
    assert refused.value.code == "INVALID_JSON"
