"""A JSON object as a text for a web address, and back: bounded, checked, its faults in words.

The text is ``FORMAT.PAYLOAD``: the format's number, a full stop, and JSON, compressed by zlib, in
the base64 of URLs. Whoever reads one may have been sent it by a stranger: its size is bounded
before and after it is unpacked.

State: none.
"""

import binascii
import json
import re
import zlib
from base64 import b64decode, urlsafe_b64encode
from typing import Any

from sim import __version__
from sim.errors import SimError

FORMAT = 1  # raised when a key changes its meaning, never when one is added
LONGEST_TEXT = 8_192  # characters: what web servers take in one address
LARGEST_JSON = 256_000  # bytes, unpacked: as much as a scenario file may have
LONGEST_LIST = 1_000  # entries: outlines are checked in pairs, so that many would take minutes
LONGEST_SHOWN = 60  # characters of a name from a link that a message repeats

Tree = dict[str, Any]

DAMAGED = "the link is damaged"
AGAIN = "copy it again, whole, from where it was made"
# What mail programs and pages put into a long line where they break it.
_UNSEEN = re.compile("[\\s\u00ad\u200b-\u200d\u2060\ufeff]")


def packed(link: Tree) -> str:
    """Return an object as text: the same object gives the same text."""
    squeezed = zlib.compress(as_json(link).encode(), level=9)
    return f"{FORMAT}.{urlsafe_b64encode(squeezed).decode().rstrip('=')}"


def unpacked(text: str) -> Tree:
    """Return the JSON object in a link's text, or say what is wrong with the text."""
    if len(text) > LONGEST_TEXT:
        raise SimError(
            f"the link is too long: {len(text):,} characters; {LONGEST_TEXT:,} is the most"
        )
    number, stop, payload = _UNSEEN.sub("", text).partition(".")
    if not stop or not re.fullmatch(r"[0-9]{1,6}", number):
        raise SimError(
            f"this is no link of Passerby: it must begin with its format, such as '{FORMAT}.'; "
            f"found '{short(text)}'"
        )
    if int(number) != FORMAT:
        raise SimError(
            f"the link is of format {int(number)}; this version ({__version__}) reads format "
            f"{FORMAT}: open it with the version that made it, or a later one"
        )
    content = _inflated(payload)
    try:
        link = json.loads(content.decode(), parse_constant=_no_constant)
        as_json(link).encode()  # half of a surrogate pair is a text that nothing can print
        entries = longest_list(link)
    except RecursionError:
        raise SimError(f"{DAMAGED}: nested too deep; {AGAIN}") from None
    except ValueError:
        raise SimError(f"{DAMAGED}: it does not hold a scenario; {AGAIN}") from None
    if not isinstance(link, dict):
        raise SimError(f"{DAMAGED}: it does not hold a scenario; {AGAIN}")
    if entries > LONGEST_LIST:
        raise SimError(
            f"the link holds a list of {entries:,} entries; {LONGEST_LIST:,} is the most: send the "
            "scenario's file instead"
        )
    return link


def longest_list(tree: object) -> int:
    """Return how many entries the longest list in a tree has."""
    match tree:
        case dict():
            return max(map(longest_list, tree.values()), default=0)
        case list():
            return max(len(tree), *map(longest_list, tree), 0)
        case _:
            return 0


def _inflated(payload: str) -> bytes:
    """Return what the payload unpacks to; never more than ``LARGEST_JSON`` bytes are made."""
    try:
        packed = b64decode(payload + "=" * (-len(payload) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise SimError(f"{DAMAGED}: a character is wrong or missing; {AGAIN}") from None
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(packed, LARGEST_JSON)
    except zlib.error:
        raise SimError(f"{DAMAGED}: it cannot be unpacked; {AGAIN}") from None
    if unpacking.unconsumed_tail:
        raise SimError(
            f"the link unpacks to more than {LARGEST_JSON:,} bytes, the most a scenario may have"
        )
    if not unpacking.eof:
        raise SimError(f"{DAMAGED}: its end is missing; {AGAIN}")
    if unpacking.unused_data:
        raise SimError(f"{DAMAGED}: something follows its end; {AGAIN}")
    return content


def _no_constant(name: str) -> object:
    raise ValueError(name)  # NaN and Infinity are no JSON


def text_of(link: Tree, key: str) -> str:
    """Return a text that every link has."""
    value = link.get(key)
    if not isinstance(value, str):
        raise SimError(f"{DAMAGED}: it does not say '{key}'; {AGAIN}")
    return value


def mapping_of(link: Tree, key: str) -> Tree:
    """Return a mapping that the link must have."""
    value = link.get(key)
    if not isinstance(value, dict):
        raise SimError(f"{DAMAGED}: it does not say '{key}'; {AGAIN}")
    return value


def as_json(tree: object) -> str:
    """Return plain data as JSON, sorted and without spaces; ``ValueError`` where it holds NaN."""
    return json.dumps(
        tree, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def short(text: str) -> str:
    """Return a text from a link as a message may repeat it: short, on one line, printable."""
    plain = "".join(sign if sign.isprintable() else "?" for sign in text)
    return plain if len(plain) <= LONGEST_SHOWN else plain[: LONGEST_SHOWN - 3] + "..."
