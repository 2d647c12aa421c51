"""Settings: one frozen dataclass, read from QUIZ_* variables at start-up."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from dataclasses import field as dataclass_field


class BadSettings(Exception):
    """Names every missing or unreadable variable at once, so that one look mends them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What differs from one installation to the next. A field `base_url` is the variable `QUIZ_BASE_URL`."""

    secret_key: str
    database_url: str  # an SQLAlchemy address: sqlite:////… or postgresql+psycopg://…
    base_url: str  # what QR codes and printed pages point to, without a slash at the end
    organization: str = "Sở Tư pháp tỉnh Tây Ninh"
    support_phone: str = "0276 000 0000"
    secure_cookies: bool = True  # only `make run` on plain http turns this off
    demo: bool = False  # every page then says that people and results are made up
    trusted_proxies: int = 0  # how many proxies in front set X-Forwarded-*
    max_upload_mb: int = 20
    board_every_s: int = 5  # how often the clock brings the boards up to date
    smtp_host: str = ""  # empty: notices are shown in the application and not sent
    smtp_port: int = 587
    smtp_security: str = "starttls"  # or "tls", or "none" for a server on one's own machine
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_from: str = ""  # the address that letters come from
    smtp_per_minute: int = 100
    testing: bool = dataclass_field(default=False)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Raises BadSettings, listing all variables that are missing or not of their type."""
        environ = os.environ if environ is None else environ
        values: dict[str, object] = {}
        bad: list[str] = []
        for f in fields(cls):
            name = f"QUIZ_{f.name.upper()}"
            text = environ.get(name, "").strip()
            if not text:
                if f.name in ("secret_key", "database_url", "base_url"):
                    bad.append(f"{name} (missing)")
                continue
            try:
                values[f.name] = _READERS[str(f.type)](text)
            except ValueError:
                bad.append(f"{name} ({text!r} is not a {f.type})")
        if values.get("smtp_host") and not values.get("smtp_from"):
            bad.append("QUIZ_SMTP_FROM (missing; letters need an address to come from)")
        if values.get("smtp_security", "tls") not in ("starttls", "tls", "none"):
            bad.append("QUIZ_SMTP_SECURITY (starttls, tls or none)")
        if bad:
            raise BadSettings(", ".join(bad))
        values["base_url"] = str(values["base_url"]).rstrip("/")
        return cls(**values)  # type: ignore[arg-type]


def _flag(text: str) -> bool:
    try:
        return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[text.lower()]
    except KeyError:
        raise ValueError(text) from None


_READERS: dict[str, Callable[[str], object]] = {"str": str, "int": int, "bool": _flag}
