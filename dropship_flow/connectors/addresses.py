"""Which network addresses a server may be asked to call.

A supplier's address is typed by a person, or comes from a redirect. It must not lead back into our own network, in none
of the ways an address can be written.
"""

import ipaddress
import socket

# Ranges that `ipaddress` takes for public although they lead elsewhere: translated, tunnelled, shared, multicast.
HIDDEN = tuple(
    map(
        ipaddress.ip_network,
        (
            "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::ffff:0:0/96", "::/96",
            "192.0.0.0/24", "192.88.99.0/24", "100.64.0.0/10", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
            "ff00::/8",
        ),
    )
)  # fmt: skip


def is_public(address):
    """Whether an IP address is one of the open internet.

    >>> [is_public(text) for text in ("93.184.216.34", "2606:2800:220:1::1")]
    [True, True]
    >>> [is_public(text) for text in ("127.0.0.1", "10.0.0.1", "169.254.169.254", "0.0.0.0", "::1", "fe80::1")]
    [False, False, False, False, False, False]
    >>> [is_public(text) for text in ("::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "224.0.0.1", "100.64.0.1")]
    [False, False, False, False, False]
    """
    ip = ipaddress.ip_address(address.split("%")[0])
    return ip.is_global and not any(ip in net for net in HIDDEN if net.version == ip.version)


def resolve(host, port, allowed=(), lookup=socket.getaddrinfo):
    """The addresses of a host that may be called, in the order the system prefers.

    Every address the name stands for has to be allowed: a name that answers with one good and one bad address is
    refused as a whole.

    :param allowed: networks (text) that may be called although they are not public, e.g. ("127.0.0.0/8",)
    :return: [address text]
    :raise PermissionError: one of the addresses must not be called
    :raise OSError: the name is not known
    """
    networks = [ipaddress.ip_network(text, strict=False) for text in allowed]
    found = []
    for *_rest, target in lookup(host, port, type=socket.SOCK_STREAM):
        text = target[0].split("%")[0]
        ip = ipaddress.ip_address(text)
        known = any(ip in network for network in networks if network.version == ip.version)
        if not known and not is_public(text):
            raise PermissionError(text)
        if text not in found:
            found.append(text)
    if not found:
        raise OSError(f"no address for {host}")
    return found
