"""The certificate as a PDF of one page, from templates/documents/certificate.typ.

Nothing touches the disk: the data goes in as one JSON value, the QR code inside it, and the PDF comes out as bytes. The
same certificate gives the same bytes, so a file in doubt can be compared with a fresh one.
"""

from __future__ import annotations

import json
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock

import segno
import typst

from quiz.codes import grouped
from quiz.formats import day
from quiz.recognition.models import Certificate

_FOLDER = Path(__file__).resolve().parents[2] / "templates" / "documents"
_one_at_a_time = Lock()  # a compiler keeps the inputs of its last run


@cache
def _compiler() -> typst.Compiler:
    """One for the process: it reads the fonts once. Fonts of the system are left out, or two machines would differ."""
    fonts = typst.Fonts(include_system_fonts=False)
    return typst.Compiler(_FOLDER / "certificate.typ", root=_FOLDER, font_paths=fonts, ignore_system_fonts=True)


def certificate_pdf(certificate: Certificate, *, address: str, demo: bool = False) -> bytes:
    """The PDF.  address: where the certificate can be verified, printed and in the QR code · demo: marked as without value"""
    inputs = {"data": json.dumps(_printed(certificate, address, demo), ensure_ascii=False)}
    with _one_at_a_time:
        pdf = _compiler().compile(
            format="pdf", sys_inputs=inputs, pdf_standards="ua-1", timestamp=int(certificate.issued_at.timestamp())
        )
    assert isinstance(pdf, bytes)
    return pdf


def _printed(certificate: Certificate, address: str, demo: bool) -> dict[str, str | bool]:
    award = certificate.award
    decision = award.decision
    ranking = decision.ranking
    signed = decision.signed_on
    return {
        "title": "Giấy chứng nhận",
        "organization": decision.organization,
        "name": award.entry.full_name,
        "belongs_to": award.entry.belongs_to,
        "prize": award.tier_name,
        "of": " · ".join([ranking.division.name, *([ranking.round_.name] if ranking.round_ else [])]),
        "contest": decision.contest.title,
        "decision": decision.number,
        "decided_on": day(signed),
        # days below ten, January and February have two digits, as decree 30/2020/NĐ-CP writes them against forgery
        "place_and_day": f"{decision.place_name}, ngày {signed:%d} tháng {_month(signed.month)} năm {signed.year}",
        "signer_title": decision.signer_title,
        "signer_name": decision.signer_name,
        "serial": certificate.serial,
        "code": grouped(certificate.code),
        "address": address,
        "qr": _qr(address),
        "demo": demo,
    }


def _month(month: int) -> str:
    return f"{month:02d}" if month <= 2 else str(month)


def _qr(address: str) -> str:
    svg = BytesIO()
    segno.make(address, error="m", micro=False).save(svg, kind="svg", border=0, xmldecl=False, dark="#221b14")
    return svg.getvalue().decode()
