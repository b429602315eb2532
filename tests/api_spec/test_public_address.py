"""Which addresses are anybody's to open."""

import pytest

from pinned_tui.api_spec.urls import NO_ADDRESS, why_not_public

PUBLIC = (
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.0",
    "93.184.216.34",
    "100.63.255.255",
    "100.128.0.0",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.167.255.255",
    "192.169.0.0",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450:4001:830::200e",
    "64:ff9b::5db8:d822",  # 93.184.216.34, where a network translates
    "::ffff:93.184.216.34",
    "2002:5db8:d822::1",
)

NOT_PUBLIC = {
    "this machine": (
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "::1", "::", "::ffff:127.0.0.1",
        "::ffff:7f00:1", "64:ff9b::7f00:1", "2002:7f00:1::1", "::1%lo",
    ),
    "a private network": (
        "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1",
        "fd12:3456::1", "fec0::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:c0a8:101::1",
        "2606:4700::5efe:10.0.0.1", "2606:4700::200:5efe:192.168.0.9",
    ),
    "the local link": ("169.254.169.254", "169.254.170.2", "fe80::1", "fe80::1%eth0",
                       "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe"),
    "a provider's": ("100.64.0.1", "100.100.100.200", "100.127.255.255"),
    "a service inside a cloud": ("168.63.129.16", "::ffff:168.63.129.16"),
    "a group of machines": ("224.0.0.1", "239.255.255.250", "ff02::1", "ff0e::1"),
    "a range that is reserved": (
        "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "240.0.0.1",
        "255.255.255.255", "2001::1", "2001:db8::1", "3fff::1", "5f00::1", "64:ff9b:1::a00:1",
        "100::1", "::ffff:0:8.8.8.8", "::8.8.8.8", "4000::1",
    ),
}  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_told_as_one(address: str) -> None:
    assert why_not_public(address) is None


@pytest.mark.parametrize(
    ("address", "what"), [(one, what) for what, some in NOT_PUBLIC.items() for one in some]
)
def test_an_address_that_is_not_public_is_told_with_where_it_leads(address: str, what: str) -> None:
    said = why_not_public(address)
    assert said is not None
    assert said.startswith(what)


@pytest.mark.parametrize("text", ["", "localhost", "tickets.example", "2130706433", "0x7f.1", "%"])
def test_a_name_is_no_address(text: str) -> None:
    assert why_not_public(text) == NO_ADDRESS
