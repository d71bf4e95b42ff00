"""The words of TLS: the steps of a handshake, what a client offers, and alerts."""

from dataclasses import dataclass
from typing import Literal

Phase = Literal[
    "connect", "client-hello", "server-hello", "certificate", "key-exchange", "finished"
]

Hello = Literal["usual", "small", "TLSv1.2"]
"""What our ClientHello offers: all that OpenSSL does; P-256 as its one group, so that it fits into
a segment; or nothing newer than TLS 1.2."""

# https://www.iana.org/assignments/tls-parameters (TLS Alerts)
ALERTS = {
    0: "close_notify",
    10: "unexpected_message",
    20: "bad_record_mac",
    21: "decryption_failed",
    22: "record_overflow",
    30: "decompression_failure",
    40: "handshake_failure",
    41: "no_certificate",
    42: "bad_certificate",
    43: "unsupported_certificate",
    44: "certificate_revoked",
    45: "certificate_expired",
    46: "certificate_unknown",
    47: "illegal_parameter",
    48: "unknown_ca",
    49: "access_denied",
    50: "decode_error",
    51: "decrypt_error",
    60: "export_restriction",
    70: "protocol_version",
    71: "insufficient_security",
    80: "internal_error",
    86: "inappropriate_fallback",
    90: "user_canceled",
    100: "no_renegotiation",
    109: "missing_extension",
    110: "unsupported_extension",
    111: "certificate_unobtainable",
    112: "unrecognized_name",
    113: "bad_certificate_status_response",
    114: "bad_certificate_hash_value",
    115: "unknown_psk_identity",
    116: "certificate_required",
    120: "no_application_protocol",
    121: "ech_required",
}


@dataclass(frozen=True, slots=True)
class Alert:
    """A TLS alert, and which side sent it."""

    number: int
    name: str
    sender: Literal["peer", "us"]
