"""Places: the 34 provinces and their communes since 1 July 2025, from the package vietnam-provinces.

The package takes a tenth of a second to import, so it is read when the first place is asked for, and kept.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from quiz.errors import Refusal
from quiz.text import plain

HOME_PROVINCE = 80  # Tây Ninh; the form starts there
_KINDS = ("xa ", "phuong ", "dac khu ", "thi tran ")  # the last ended, but people still write it


class PlaceRefusal(enum.Enum):
    UNKNOWN_PROVINCE = "unknown_province"
    UNKNOWN_WARD = "unknown_ward"
    UNKNOWN_WARD_LIKE = "unknown_ward_like"
    SEVERAL_WARDS = "several_wards"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person lives.  name: "Xã Bến Cầu, tỉnh Tây Ninh", as lists print it"""

    province_code: int
    ward_code: int
    ward: str
    name: str


@cache
def provinces() -> dict[int, str]:
    """Code → name, sorted as people look for them: "An Giang", …, "Thành phố Hồ Chí Minh" under H."""
    from vietnam_provinces import Province

    found = [(int(p.code), p.name) for p in Province.iter_all()]
    return dict(sorted(found, key=lambda p: plain(p[1]).removeprefix("thanh pho ")))


@cache
def wards(province_code: int) -> dict[int, str]:
    """Code → name of the communes, wards and special zones of a province; empty for an unknown province."""
    from vietnam_provinces import Ward

    found = [(int(w.code), w.name) for w in Ward.iter_all() if int(w.province_code) == province_code]
    return dict(sorted(found, key=lambda w: (_bare(w[1]), w[1])))


def data_version() -> str:
    from vietnam_provinces import __data_version__

    return __data_version__


def find_ward(province_code: int, typed: str) -> Place:
    """The commune that a person means, with or without diacritics, with or without "xã" or "phường" before it.

    Raises Refusal(PlaceRefusal), with suggestions where there are any.
    """
    if province_code not in provinces():
        raise Refusal(PlaceRefusal.UNKNOWN_PROVINCE)
    names = wards(province_code)
    for reading in _readings(typed):
        found = [code for code, name in names.items() if reading in _readings(name)]
        if len(found) == 1:
            return _place(province_code, found[0])
        if found:
            raise Refusal(PlaceRefusal.SEVERAL_WARDS, names=", ".join(names[code] for code in found))
    if like := _wards_like(province_code, typed):
        raise Refusal(PlaceRefusal.UNKNOWN_WARD_LIKE, province=provinces()[province_code], names=", ".join(like))
    raise Refusal(PlaceRefusal.UNKNOWN_WARD, province=provinces()[province_code])


def place(province_code: int, ward_code: int) -> Place | None:
    """The place of stored codes, or None when the list no longer has them."""
    return _place(province_code, ward_code) if ward_code in wards(province_code) else None


def _place(province_code: int, ward_code: int) -> Place:
    ward, province = wards(province_code)[ward_code], provinces()[province_code]
    if not province.startswith("Thành phố "):
        return Place(province_code, ward_code, ward, f"{ward}, tỉnh {province}")
    return Place(province_code, ward_code, ward, f"{ward}, {province[0].lower()}{province[1:]}")


def _readings(name: str) -> list[str]:
    """Ways to compare a name, strictest first: as written, without its kind, folded, folded without its kind."""
    written = " ".join(name.partition(",")[0].casefold().split())  # some add the province after a comma
    kinds = ("xã ", "phường ", "đặc khu ", "thị trấn ")
    bare = next((written.removeprefix(kind) for kind in kinds if written.startswith(kind)), written)
    return [written, bare, plain(written), _bare(name)]


def _bare(name: str) -> str:
    folded = plain(name)
    return next((folded.removeprefix(kind) for kind in _KINDS if folded.startswith(kind)), folded)


def _wards_like(province_code: int, typed: str) -> list[str]:
    by_bare: dict[str, str] = {_bare(name): name for name in wards(province_code).values()}
    bare = _bare(typed)
    parts = [name for key, name in by_bare.items() if len(bare) >= 3 and bare in key]
    close = [by_bare[key] for key in get_close_matches(bare, by_bare, n=5, cutoff=0.7)]
    return list(dict.fromkeys(parts + close))[:5]
