"""How much of a person the audit keeps."""

import pytest

from segue.audit import AddressKeeper, agent_class


@pytest.mark.parametrize(
    ("how", "address", "kept"),
    [
        ("whole", "203.0.113.77", "203.0.113.77"),
        ("truncated", "203.0.113.77", "203.0.113.0/24"),
        ("truncated", "2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("truncated", "::ffff:203.0.113.77", "203.0.113.0/24"),
        ("truncated", "fe80::1%2", "fe80::/48"),
        ("truncated", "local", "unknown"),
        ("truncated", "", "unknown"),
    ],
)
def test_addresses_whole_and_truncated(how, address, kept):
    assert AddressKeeper(how)(address) == kept


def test_a_hash_needs_its_key_and_tells_addresses_apart():
    keeper, other = AddressKeeper("hashed", b"one"), AddressKeeper("hashed", b"two")
    assert keeper("203.0.113.77") == keeper("203.0.113.77") != keeper("203.0.113.78")
    assert keeper("203.0.113.77") != other("203.0.113.77")
    assert "203" not in keeper("203.0.113.77")[:5]


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "preview"),
        ("Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)", "preview"),
        ("WhatsApp/2.23.20.0", "preview"),
        ("facebookexternalhit/1.1", "preview"),
        ("Twitterbot/1.0", "preview"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1)", "robot"),
        ("curl/7.88.1", "program"),
        ("python-requests/2.34.2", "program"),
        ("node", "program"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Mobile/15E148 Safari/604", "phone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36", "browser"),
        ("", "unknown"),
        ("x" * 100_000, "unknown"),
    ],
)
def test_agents_are_sorted_and_not_remembered(agent, kind):
    assert agent_class(agent) == kind
