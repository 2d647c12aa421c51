"""Where an attempt is made: marks that can be told apart and not be read back.

A device is a random cookie and the kind of browser; nothing of the machine is measured. A network is the neighbourhood of an
address (/24 of IPv4, /48 of IPv6). Both are stored only as keyed hashes. The key of a device and of a network at the start is
the contest's, so that nobody can be followed from one contest to the next; the network of the last save is hashed under
the attempt's own code, since a save must know nothing but that.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from ipaddress import ip_address

MARK_BYTES = 9  # 12 letters of hex would be too few to tell a million devices apart; these are 18
COOKIE_DAYS = 180


def device_mark(token: str, browser: str, contest_id: int, secret: str) -> str:
    """token: of the cookie, "" without one, which gives no mark · browser: as it names itself; its numbers are left out, so
    that an update makes no new device"""
    if not token:
        return ""
    return _mark(f"device:{contest_id}", f"{token}\n{re.sub(r'[0-9._]+', '', browser)}", secret)


def start_network(address: str, contest_id: int, secret: str) -> str:
    """Equal for attempts of one contest that began in one network."""
    return _mark(f"network:{contest_id}", neighbourhood(address), secret)


def save_network(address: str, code: str, secret: str) -> str:
    """Equal for saves of one attempt that came from one network.  code: of the attempt"""
    return _mark(f"save:{code}", neighbourhood(address), secret)


@lru_cache(maxsize=10_000)
def neighbourhood(address: str) -> str:
    """ "203.0.113.7" → "203.0.113", "2001:db8:1:2::3" → "2001:db8:1"; "" for what is no address."""
    try:
        ip = ip_address(address)
    except ValueError:
        return ""
    if ip.version == 6 and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if ip.version == 4:
        return str(ip).rpartition(".")[0]
    return ":".join(ip.exploded.split(":")[:3])


def _mark(purpose: str, text: str, secret: str) -> str:
    if not text:
        return ""
    key = blake2b(secret.encode(), digest_size=32, person=b"origin").digest()
    return blake2b(f"{purpose}\n{text}".encode(), digest_size=MARK_BYTES, key=key).hexdigest()
