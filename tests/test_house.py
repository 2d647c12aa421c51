"""The plan of the house: who imports whom. Reads the imports of every file and names the one that breaks the plan.

docs/architecture.md tells why; the words here are those of the plan: frame, domain, rules, and the rooms of a domain.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent
HOUSE = TOP / "quiz"

DOMAINS = (
    "accounts", "law", "exemplars", "banks", "contests", "attempts", "marking", "ranking", "recognition", "reports",
)  # fmt: skip
JOINS_THE_PARTS = "app"  # the one file of the frame that knows the domains
ENDS = ("views", "cli")  # pages and commands: nothing below imports them


def files() -> list[Path]:
    return sorted(p for p in HOUSE.rglob("*.py") if "migrations" not in p.relative_to(HOUSE).parts)


def module_of(path: Path) -> str:
    parts = path.relative_to(TOP).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def known_modules() -> set[str]:
    return {module_of(p) for p in files()} | {".".join(p.parent.relative_to(TOP).parts) for p in files()}


def imports(source: str, modules: set[str], package: str) -> Iterator[tuple[int, str]]:
    """(line, module) for everything a file imports, also inside functions; `from quiz.x import y` is quiz.x.y if that is a file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                yield node.lineno, whole if whole in modules else base


def room(module: str) -> tuple[str, str]:
    """("frame" | "rules" | a domain, the file inside): quiz.ranking.views → ("ranking", "views"), quiz.db → ("frame", "db")."""
    parts = module.split(".")
    if len(parts) > 1 and (parts[1] == "rules" or parts[1] in DOMAINS):
        return parts[1], parts[2] if len(parts) > 2 else ""
    return "frame", parts[1] if len(parts) > 1 else ""


def is_end(file: str) -> bool:
    """views and cli, also when split by noun: people_views"""
    return any(file == end or file.endswith(f"_{end}") for end in ENDS)


def why_not(importer: str, imported: str) -> str | None:
    """Why the plan forbids this import; None when it allows it."""
    own, own_file = room(importer)
    if own == "rules":
        allowed = imported.split(".")[0] in sys.stdlib_module_names or imported.startswith("quiz.rules")
        return None if allowed or imported == "quiz.rules" else "rules use only the standard library and rules"
    if imported.split(".")[0] != "quiz":
        return None
    other, other_file = room(imported)
    if own == "frame":
        if own_file == JOINS_THE_PARTS or other in ("frame", "rules"):
            return None
        return "of the frame, only app.py knows the domains"
    if other == "frame":
        return "nothing imports app.py: it joins the parts" if other_file == JOINS_THE_PARTS else None
    if other == "rules":
        return None
    if DOMAINS.index(other) > DOMAINS.index(own):
        return f"{other} comes after {own}; between domains only backwards"
    if is_end(other_file) and not is_end(own_file):  # a page may stand on an earlier domain's page, as annulment does
        return "pages and commands are ends: only others of their kind import them"
    if own_file == "models" and not (other_file.endswith("models") or other_file == ""):
        return "models rest on rules and on earlier models"
    return None


def breaks(importer: str, source: str, modules: set[str]) -> list[str]:
    package = importer if f"{importer}.__init__" in modules else importer.rpartition(".")[0]
    return [
        f"{importer}:{line} imports {imported}: {reason}"
        for line, imported in imports(source, modules, package)
        if (reason := why_not(importer, imported))
    ]


def test_every_file_keeps_to_the_plan():
    modules = known_modules()
    broken = [line for p in files() for line in breaks(module_of(p), p.read_text(encoding="utf-8"), modules)]
    assert not broken, "\n" + "\n".join(broken)


def test_every_room_is_in_the_plan():
    """A new folder must find its place in the order before anything is put there."""
    folders = {p.name for p in HOUSE.iterdir() if p.is_dir() and any(p.glob("*.py"))}
    assert folders <= {"rules", "migrations", *DOMAINS}


def test_every_domain_has_its_door_plate():
    """The first lines of a domain say what is ours there and what is not."""
    plates = {
        d: ast.get_docstring(ast.parse((HOUSE / d / "__init__.py").read_text("utf-8")))
        for d in DOMAINS
        if (HOUSE / d).is_dir()
    }
    assert not [
        d for d, plate in plates.items() if not plate or "Ours:" not in plate or not plate.lower().startswith(f"{d}:")
    ]


@pytest.mark.parametrize(
    ("importer", "source", "reason"),
    [
        ("quiz.rules.prizes", "import flask", "rules use only"),
        ("quiz.rules.prizes", "from quiz.db import db", "rules use only"),
        ("quiz.rules.prizes", "def f():\n    import sqlalchemy.orm", "rules use only"),
        ("quiz.journal", "from quiz.accounts.models import Account", "only app.py"),
        ("quiz.access", "from quiz import accounts", "only app.py"),
        ("quiz.accounts.service", "from quiz.contests.models import Entry", "contests comes after accounts"),
        ("quiz.banks.service", "from ..ranking import queries", "ranking comes after banks"),
        ("quiz.law.models", "def f():\n    from quiz.reports import views", "reports comes after law"),
        ("quiz.ranking.service", "from quiz.marking.views import bp", "pages and commands are ends"),
        ("quiz.ranking.service", "from quiz.ranking import cli", "pages and commands are ends"),
        ("quiz.accounts.queries", "from quiz.accounts.people_views import people", "pages and commands are ends"),
        ("quiz.accounts.models", "from quiz.accounts.service import create_account", "models rest on"),
        ("quiz.contests.models", "from quiz.accounts import queries", "models rest on"),
        ("quiz.banks.views", "from quiz.app import system_clock", "nothing imports app.py"),
    ],
)
def test_the_plan_forbids(importer, source, reason):
    assert reason in "".join(breaks(importer, source, known_modules()))


@pytest.mark.parametrize(
    ("importer", "source"),
    [
        (
            "quiz.rules.prizes",
            "import random\nfrom collections.abc import Mapping\nfrom quiz.rules.tie_break import CRITERIA",
        ),
        ("quiz.app", "from quiz.reports import views"),
        ("quiz.forms", "from quiz.formats import local"),
        (
            "quiz.ranking.service",
            "from quiz import journal\nfrom quiz.marking import service\nfrom quiz.rules import units",
        ),
        ("quiz.accounts.views", "from quiz.accounts import people_views\nimport flask"),
        ("quiz.ranking.correction_views", "from quiz.marking.views import bp"),
        ("quiz.contests.models", "from quiz.accounts.models import Account\nfrom quiz.rules.clock import Window"),
    ],
)
def test_the_plan_allows(importer, source):
    assert breaks(importer, source, known_modules()) == []
