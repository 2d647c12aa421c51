"""A bank as a file: which writer makes which format, and what is given to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import undefer

from quiz.banks import queries
from quiz.banks.formats import aiken, bank_yaml, csv_table, docx, gift, moodle_xml, ods, qti, xlsx
from quiz.banks.formats.sheets.ods_guard import MEDIA_TYPE as ODS_TYPE
from quiz.banks.formats.writing import OutBank, OutItem, OutPicture, Written
from quiz.banks.models import Bank, Item, ItemVersion, Picture
from quiz.banks.wording import wording_of
from quiz.db import db


@dataclass(frozen=True, slots=True)
class Writer:
    ending: str
    media_type: str
    write: Callable[[OutBank, Sequence[OutItem]], Written]


_OFFICE = "application/vnd.openxmlformats-officedocument."
WRITERS: dict[str, Writer] = {
    "xlsx": Writer("xlsx", f"{_OFFICE}spreadsheetml.sheet", xlsx.write),
    "docx": Writer("docx", f"{_OFFICE}wordprocessingml.document", docx.write),
    "ods": Writer("ods", ODS_TYPE, ods.write),
    "csv": Writer("csv", "text/csv; charset=utf-8", csv_table.write),
    "yaml": Writer("yaml", "application/yaml", bank_yaml.write),
    "gift": Writer("gift", "text/plain; charset=utf-8", gift.write),
    "moodle_xml": Writer("xml", "application/xml", moodle_xml.write),
    "qti": Writer("zip", "application/zip", qti.write),
    "aiken": Writer("txt", "text/plain; charset=utf-8", aiken.write),
}


def written(bank: Bank, format_: str) -> Written:
    """The bank in a format of WRITERS: what is in use, or the latest wording of items never approved; no retired items."""
    items = [item for item in queries.items_with_versions(bank) if item.retired_at is None]
    chosen = [(item, item.live_version or item.latest) for item in items]
    out = OutBank(bank.code, bank.title, bank.note, bank.topics)
    return WRITERS[format_].write(out, out_items(chosen))


def out_items(chosen: Iterable[tuple[Item, ItemVersion]]) -> list[OutItem]:
    chosen = list(chosen)
    pictures = _pictures({image[1] for _item, version in chosen for image in version.images})
    return [
        OutItem(
            code=item.code, wording=wording_of(version), document=version.document.number if version.document else "",
            pictures={digest: pictures[digest] for _place, digest, _alt in version.images if digest in pictures},
        )
        for item, version in chosen
    ]  # fmt: skip


def _pictures(digests: set[str]) -> dict[str, OutPicture]:
    if not digests:
        return {}
    rows = db.session.scalars(
        select(Picture).where(Picture.digest.in_(sorted(digests))).options(undefer(Picture.content))
    )
    return {picture.digest: OutPicture(picture.media_type, picture.content) for picture in rows}
