"""`verify.py`: the rules that ranked, joined into one file that needs nothing but Python.

Nothing is written twice, so what a stranger runs cannot drift from what we ran. The modules stand in the file as they are,
each as a text that is run under its own name.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from quiz import rules

# in the order in which they import each other
MODULES = (
    "written", "marking", "keys", "answering", "drawing", "decks", "commitment", "tie_break", "counting", "prediction",
    "lots", "merkle", "records", "verification",
)  # fmt: skip

_HEAD = '''#!/usr/bin/env python3
"""verify.py – kiểm tra độc lập một bảng kết quả đã công bố của Hiểu Luật.

Chỉ cần Python 3.11 trở lên, không cần cài gì thêm, không cần mạng:

    python verify.py du-lieu.zip                    kiểm tra bảng kết quả
    python verify.py bien-nhan.json du-lieu.zip     kiểm tra biên nhận của bạn

Checks a published result sheet of Hiểu Luật from its data alone; `--en` for English. Below stand the very modules by
which papers were drawn, marked and ranked, and last the one that checks.
"""

import sys
import types

MODULES = {}
'''

_TAIL = """

def install():
    package = sys.modules.setdefault("quiz", types.ModuleType("quiz"))
    inner = sys.modules.setdefault("quiz.rules", types.ModuleType("quiz.rules"))
    package.__path__ = inner.__path__ = []
    package.rules = inner
    for name, source in MODULES.items():
        module = types.ModuleType("quiz.rules." + name)
        sys.modules[module.__name__] = module
        setattr(inner, name, module)
        exec(compile(source, name + ".py", "exec"), module.__dict__)


install()

if __name__ == "__main__":
    sys.exit(sys.modules["quiz.rules.verification"].main(sys.argv[1:]))
"""


@cache
def source() -> str:
    """The text of verify.py."""
    folder = Path(rules.__file__).parent
    parts = [_HEAD]
    for name in MODULES:
        text = (folder / f"{name}.py").read_text(encoding="utf-8")
        assert "'''" not in text, f"{name}.py cannot stand in a text of three quotes"
        parts.append(f"\n# {'=' * 20} {name}.py {'=' * 20}\n\nMODULES[{name!r}] = r'''{text}'''\n")
    return "".join([*parts, _TAIL])
