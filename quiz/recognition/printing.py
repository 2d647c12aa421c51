"""Certificates as PDF, one page each, from templates/documents/certificate.typ.

The same certificate gives the same bytes, so a file in doubt can be compared with a fresh one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import typst
from flask_babel import gettext as _

from quiz.codes import grouped
from quiz.formats import day
from quiz.recognition.models import Certificate, PrintImage, Template
from quiz.recognition.words import TEMPLATE_TEXTS
from quiz.typesetting import FOLDER, compiled, picture, qr


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What papers show beside their words.  base_url: of the pages where they are verified · demo: marked as without
    value · seal, signature: images, if any"""

    base_url: str
    demo: bool = False
    seal: PrintImage | None = None
    signature: PrintImage | None = None

    def address(self, certificate: Certificate) -> str:
        return f"{self.base_url}/tra-cuu/{certificate.code}"


@cache
def _frames() -> dict[str, str]:
    """Template → its frame as SVG, drawn once."""
    svgs = typst.compile(FOLDER / "frames.typ", root=FOLDER, format="svg", ignore_system_fonts=True)
    assert isinstance(svgs, list)
    return {template: svg.decode() for template, svg in zip(Template, svgs, strict=True)}


def pdf_of(certificates: Sequence[Certificate], look: Look) -> bytes:
    """One PDF with a page for each certificate, in their order; at least one."""
    papers = [_paper(certificate, look) for certificate in certificates]
    first = papers[0]
    data = {
        "papers": papers,
        "frames": {name: _frames()[name] for name in sorted({str(paper["template"]) for paper in papers})},
        "title": f"{first['title']} – {first['name']}" if len(papers) == 1 else str(first["title"]),
        "author": first["organization"],
        "demo": look.demo,
        "seal": _image(look.seal),
        "signature": _image(look.signature),
    }
    moment = max(int(certificate.issued_at.timestamp()) for certificate in certificates)
    return compiled(
        "certificate.typ", data, "pdf", forget=len(papers) > 1, pdf_standards="ua-1", timestamp=moment
    )  # fmt: skip


def zip_of(certificates: Sequence[Certificate], look: Look) -> bytes:
    """A ZIP of single PDFs, in the order of the register."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_STORED) as archive:  # PDFs are compressed already
        for certificate in certificates:
            at = certificate.issued_at
            entry = ZipInfo(file_name(certificate), (at.year, at.month, at.day, 0, 0, 0))
            archive.writestr(entry, pdf_of([certificate], look))
    return file.getvalue()


def file_name(certificate: Certificate) -> str:
    kind = "giay-khen" if certificate.template is Template.COMMENDATION else "giay-chung-nhan"
    return f"{kind}-{certificate.serial.replace('/', '-')}.pdf"


def _paper(certificate: Certificate, look: Look) -> dict[str, Any]:
    printed, address = certificate.printed, look.address(certificate)
    on = certificate.issued_on
    return {
        "template": printed["template"],
        "title": str(TEMPLATE_TEXTS[certificate.template]),
        "organization": printed["organization"],
        "awarded_by": awarded_by(printed["signer_title"], printed["organization"]),
        "name": certificate.name,
        "belongs_to": certificate.belongs_to,
        "prize": printed["prize"],
        "of": printed["of"],
        "contest": printed["contest"],
        "decision": printed["decision"],
        "decided_on": day(date.fromisoformat(printed["decided_on"])),
        # days below ten, January and February have two digits, as decree 30/2020/NĐ-CP writes them against forgery
        "place_and_day": f"{printed['place_name']}, ngày {on:%d} tháng {_month(on.month)} năm {on.year}",
        "signer_title": printed["signer_title"],
        "signer_name": printed["signer_name"],
        "serial": certificate.serial,
        "reissue": _("cấp lại lần %(n)s", n=printed["reissue"]) if printed["reissue"] else "",
        "code": grouped(certificate.code),
        "address": address,
        "qr": qr(address),
    }


def awarded_by(signer_title: str, organization: str) -> str:
    """ "Phó Giám đốc", "Sở Tư pháp tỉnh Tây Ninh" → "Giám đốc Sở Tư pháp tỉnh Tây Ninh": a deputy signs for the head."""
    title = signer_title.strip()
    for before in ("KT. Giám đốc", "Phó Giám đốc", "Q. Giám đốc", "Quyền Giám đốc"):
        if title.casefold().startswith(before.casefold()):
            title = "Giám đốc"
    return title if organization.casefold() in title.casefold() else f"{title} {organization}"


def _month(month: int) -> str:
    return f"{month:02d}" if month <= 2 else str(month)


def _image(image: PrintImage | None) -> str | None:
    return picture(image.media_type, image.width, image.height, image.content) if image else None
