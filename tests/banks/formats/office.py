"""LibreOffice, where it is installed: files as people's office programs really write them."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

# in CI nothing may skip: there the conversion fails when the program is missing
_IS_MISSING = shutil.which("soffice") is None and not os.environ.get("CI")
needs_office = pytest.mark.skipif(_IS_MISSING, reason="LibreOffice (soffice) is not installed")


def converted(content: bytes, ending: str, to: str) -> bytes:
    """The file as LibreOffice saves it.  to: "ods", "xlsx", "csv:Text - txt - csv (StarCalc):59,34,76" …"""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"in.{ending}"
        source.write_bytes(content)
        out = Path(folder) / "out"
        # a profile of its own, so that two of them may run at once
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", to]
        subprocess.run(
            [*command, "--outdir", str(out), str(source)], check=True, capture_output=True, timeout=120,
            env=os.environ | {"HOME": folder},
        )  # fmt: skip
        return next(out.iterdir()).read_bytes()
