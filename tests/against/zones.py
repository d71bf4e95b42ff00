"""Zones for unbound: what names lead to, signed, and signed by somebody else."""

from pathlib import Path

import dns.dnssec
import dns.dnssectypes
import dns.zone
from cryptography.hazmat.primitives.asymmetric import ec

ZONE, SIGNED, BOGUS = "zone.example", "signed.example", "bogus.example"
REFUSED, SILENT = "www.refused.example", "www.silent.example"
MANY = {"big": ("A", 90), "large": ("AAAA", 60), "swarm": ("A", 120)}
"""Names with so many addresses that no UDP reply of 1232 bytes holds them."""

_HEAD = """\
@ 3600 SOA ns hostmaster 1 3600 600 86400 60
@ 3600 NS ns
ns 300 A 192.0.2.53
one 300 A 192.0.2.1
alias 120 CNAME one
nowhere 60 CNAME nobody
"""
_RECORDS = """\
six 300 AAAA 2001:db8::1
both 300 A 192.0.2.1
both 300 AAAA 2001:db8::1
four 300 A 192.0.2.4
four 300 A 192.0.2.3
four 300 A 192.0.2.2
four 300 A 192.0.2.1
mapped 300 AAAA ::ffff:192.0.2.1
zero 0 A 192.0.2.1
words 300 TXT "v=spf1 -all"
words 300 MX 10 mail
words 300 SRV 0 0 443 one
words 300 CAA 0 issue "ca.example"
MiXed 300 A 192.0.2.7
_under 300 A 192.0.2.1
*.wild 300 A 192.0.2.9
chain 60 CNAME alias
to-six 60 CNAME six
to-capitals 300 CNAME mixed
outside 60 CNAME www.elsewhere.example.
round 60 CNAME about
about 60 CNAME round
below 300 NS ns.elsewhere.example.
"""
_UNBOUND = """\
  local-zone: "." static
  local-zone: "{zone}." transparent
  local-zone: "{signed}." transparent
  local-zone: "{bogus}." transparent
  local-zone: "{refused}." refuse
  local-zone: "{silent}." deny
  rrset-roundrobin: no
  serve-original-ttl: yes
  trust-anchor: "{signed}. DNSKEY {key}"
  trust-anchor: "{bogus}. DNSKEY {key}"
auth-zone:
  name: "{zone}."
  zonefile: "{folder}/{zone}"
  for-upstream: no
auth-zone:
  name: "{signed}."
  zonefile: "{folder}/{signed}"
  for-downstream: no
auth-zone:
  name: "{bogus}."
  zonefile: "{folder}/{bogus}"
  for-downstream: no
"""


def write_zones(folder: Path) -> str:
    """Write the zones' files into the folder, and return unbound's words for them.

    It has authority for one, and looks the others up and validates them: what it says of
    those has no AA, and no AD either where nobody has asked for it.
    """
    many = [
        f"{name} 300 {kind} {'198.51.100.' if kind == 'A' else '2001:db8::'}{number}\n"
        for name, (kind, count) in MANY.items()
        for number in range(1, count + 1)
    ]
    far = [f"hop{number} 60 CNAME hop{number + 1}\n" for number in range(5)]
    text = f"$ORIGIN {ZONE}.\n{_HEAD}{_RECORDS}{''.join(many + far)}hop5 60 A 192.0.2.5\n"
    (folder / ZONE).write_text(text)
    keys = {name: ec.generate_private_key(ec.SECP256R1()) for name in (SIGNED, BOGUS)}
    known = {
        name: dns.dnssec.make_dnskey(
            key.public_key(), dns.dnssectypes.Algorithm.ECDSAP256SHA256, flags=257
        )
        for name, key in keys.items()
    }
    for name, key in keys.items():
        zone = dns.zone.from_text(_HEAD, origin=f"{name}.", relativize=False)
        dns.dnssec.sign_zone(zone, keys=[(key, known[name])], dnskey_ttl=300, lifetime=86400)
        (folder / name).write_text(zone.to_text(relativize=False))
    return _UNBOUND.format(
        folder=folder,
        zone=ZONE,
        signed=SIGNED,
        bogus=BOGUS,
        refused=REFUSED,
        silent=SILENT,
        key=known[SIGNED].to_text(),
    )
