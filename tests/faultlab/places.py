"""Who is where in the fault lab: its nodes, the names, and the addresses at which they are."""

from ipaddress import IPv4Network

HOST, CONTAINER, RESOLVER, WEB = "host", "container", "resolver", "web"
MIDDLEBOX = "middlebox"
"""Network namespaces, all by name; the middlebox between them is the lab's own one."""

HUB, API, CODELOAD = "github.com", "api.github.com", "codeload.github.com"
NAMES = {HUB: "140.82.112.3", API: "140.82.112.5", CODELOAD: "140.82.112.9"}
OTHER = "140.82.112.4"
"""Another address of the first name, which serves it as well."""
LEFT = "140.82.112.99"
"""An address that the first name has left: somebody else is there now."""
FORBIDDEN = "11.2.0.12"
NOBODY = "11.2.0.99"
"""An address at which nobody answers."""
NAMESERVER, LYING, UNKNOWING = "192.0.2.53", "192.0.2.54", "192.0.2.55"
RESOLVER_NAME = "dns.resolver.test"
"""The nameserver's name, in its certificate: it is asked over TLS too."""
PROXY = "192.0.2.31"
INTERCEPTING = IPv4Network("203.0.113.0/24")
"""Where the middlebox leads connections that it does not let through."""

WIRES = {
    # node: its own address, and that of the middlebox
    HOST: ("10.64.0.2", "10.64.0.1"),
    RESOLVER: (NAMESERVER, "192.0.2.1"),
    WEB: ("198.51.100.2", "198.51.100.1"),
}
BRIDGED = ("172.18.0.2", "172.18.0.1")
"""The container's address, and that of its host on the way to it."""
SLOW = ("10.65.0.2", "10.65.0.1")
"""The host's address on a way with delay, and that of the middlebox."""
SERVED = ("140.82.112.0/20", "11.2.0.0/24", str(INTERCEPTING))
"""The networks in which servers are, all of one machine."""
MARKER = "Plan 267-D GitHub override ({stamp})"
