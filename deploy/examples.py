"""`make examples`: the shipped banks as Word and Excel files in question_banks/vi-du, to try the import with.

They are written from the YAML by the same writers that people download with; tests/banks/test_examples.py reads them back.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask_migrate import upgrade

from quiz.app import create_app, system_clock
from quiz.banks import exporting, queries, shipped
from quiz.db import db, transaction
from quiz.law import csv_file, csv_import
from quiz.settings import Settings

TOP = Path(__file__).resolve().parent.parent
BANKS = TOP / "question_banks"
FORMATS = ("xlsx", "docx")


def main(folder: Path = BANKS / "vi-du") -> None:
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(
            secret_key="examples", database_url=f"sqlite:///{scratch}/examples.sqlite3", base_url="http://localhost"
        )
        app = create_app(settings)
        with app.app_context():
            upgrade()
            with transaction():
                csv_import.import_documents(csv_file.read_file(BANKS / "van-ban.csv").rows, now=system_clock())
                for file in sorted(BANKS.glob("*/bank.yaml")):
                    report = shipped.import_bank(file.parent, now=system_clock())
                    _write(report.code, folder)
            db.engine.dispose()


def _write(code: str, folder: Path) -> None:
    bank = queries.bank_by_code(code)
    assert bank is not None
    for name in FORMATS:
        written = exporting.written(bank, name)
        file = folder / f"{code}.{exporting.WRITERS[name].ending}"
        file.write_bytes(written.content)
        print(f"{file.relative_to(TOP)}: {len(written.content):,} bytes, {len(written.losses)} losses")


if __name__ == "__main__":
    main()
