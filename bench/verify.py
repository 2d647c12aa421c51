"""The stand-alone verifier over a result sheet of 100,000 people with a paper of 20 questions each, all answers open, and a
journal of 20,000 records.

The data are made by the rules alone, in the form that reports.public_data writes, and everything in them is right; verify.py
then runs as a stranger runs it, in a Python of its own. BENCH_ENTRIES says how many people.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from random import Random

from quiz.reports import verifier
from quiz.rules import answering, commitment, decks, drawing, marking, merkle, records, tie_break, verification

ENTRIES = int(os.environ.get("BENCH_ENTRIES", "100000"))
SECRET, SALT = "ab" * 32, "cd" * 32
CHAIN = ("score", "prediction", "elapsed", "submitted")
RECORDS = 20_000  # of the journal: a province's contests of some years
WRONG_BY = 1_000  # most that guesses of how many take part are wrong by


def journal() -> tuple[str, str]:
    """The lines of a journal, and the hash at its end."""
    lines, previous = [], "0" * 64
    for n in range(1, RECORDS + 1):
        said = hashlib.sha256(str(n).encode()).hexdigest()
        hash_ = hashlib.sha256((previous + said).encode()).hexdigest()
        lines.append(f"{n} 2 {previous} {said} {hash_}\n")
        previous = hash_
    return "".join(lines), previous


def make(path: Path) -> None:
    dice = Random(1)
    items = {
        v: {"kind": "single", "level": v % 3 + 1, "stem": f"Câu hỏi số {v} về thi đua, khen thưởng?",
            "options": [f"Phương án {letter} của câu {v}" for letter in "ABCD"], "matches": [], "key": [v % 4 + 1],
            "accepted": [], "partial": False, "words": None, "images": []}
        for v in range(1, 301)
    }  # fmt: skip
    pool = [drawing.Candidate(v, "b", "chung", i["level"], 4) for v, i in items.items()]
    cells = [drawing.Cell("b", "chung", level, n) for level, n in ((1, 7), (2, 7), (3, 6))]
    deck = decks.Deck(pool, cells)
    keys = {v: marking.Key(kind="single", right=tuple(i["key"])) for v, i in items.items()}
    rows, results = [], []
    for entry in range(1, ENTRIES + 1):
        seed = drawing.attempt_seed(bytes.fromhex(SECRET), entry, 1, 1)
        paper = [[v, list(order)] for v, order in deck.paper(seed)]
        answers = {str(n): [dice.randint(1, 4)] for n in range(1, 21)}
        document = {"a": answers, "f": [], "p": None, "t": {n: 9_000 * int(n) for n in answers}}
        marks = [
            marking.mark(keys[v], answering.response("single", order, answers[str(n)]), 1)
            for n, (v, order) in enumerate(paper, 1)
        ]
        score = marking.score(marks, 20)
        started, elapsed = 1_700_000_000_000_000 + entry * 1000, dice.randint(60_000, 1_200_000)
        guess = ENTRIES + dice.randint(-WRONG_BY, WRONG_BY)
        facts = [entry, entry, 1, 1, "submitted", str(seed), started, started + 1000 * elapsed, elapsed, score.points, 20,
                 score.correct, int(score.all_correct), None, guess, 0]  # fmt: skip
        rows.append([facts, records.as_json(paper), records.as_json(document), "-"])
        results.append((score.points, abs(guess - ENTRIES), elapsed, started + 1000 * elapsed))
    columns = dict(zip(CHAIN, map(list, zip(*results, strict=True)), strict=True))
    packed = tie_break.pack(columns, CHAIN)
    order = sorted(range(ENTRIES), key=packed.__getitem__)
    numbers, _shared = tie_break.places([packed[i] for i in order])
    standings = "".join(
        f"{n} {place} {i + 1} {i + 1} {packed[i].hex()}\n"
        for n, (i, place) in enumerate(zip(order, numbers, strict=True), 1)
    )
    position = {i: n for n, i in enumerate(order, 1)}
    lines = [
        records.record(
            i + 1, position[i], packed[i].hex(), records.entry_salt(SALT, i + 1), [records.attempt_digest(*row)]
        )
        for i, row in enumerate(rows)
    ]
    head = json.dumps([list(CHAIN), ENTRIES], separators=(",", ":"))
    chain, end = journal()
    pool_rows = commitment.pool_rows(pool)
    content = records.items_digest(items)
    sheet = {
        "form": verification.FORMS[-1], "chain": CHAIN, "counted": "best", "choosing": CHAIN, "overall": "none",
        "truth": ENTRIES, "prediction": {"target": "people", "rounds": [1], "is_whole": True}, "division": "bang-1", "lots": [],
        "digest": hashlib.sha256(f"hieu-luat sheet 2 {head}\n{standings}".encode()).hexdigest(),
        "root": merkle.root([merkle.leaf(line) for line in lines]).hex(), "salt": SALT,
        "journal": {"seq": RECORDS, "hash": end},
        "worth": {"each": 1, "by_level": {}, "whole": False, "essay": 0}, "rulings": {}, "annulled": [], "registered": {},
        "rounds": [{"id": 1, "code": "ky-1", "name": "Kỳ 1", "secret": SECRET, "items": content, "pools": {"bang-1": pool_rows},
                    "commitment": commitment.commitment("ky-1", {"bang-1": commitment.pool_digest(pool_rows)}, content, SECRET),
                    "cells": [[c.bank, c.topic, c.level, c.count] for c in cells]}],
    }  # fmt: skip
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        out.writestr("sheet.json", json.dumps(sheet))
        out.writestr("standings.txt", standings)
        out.writestr("records.txt", b"".join(line + b"\n" for line in lines))
        out.writestr("items.jsonl", "".join(f"{records.as_json({'id': v, **i})}\n" for v, i in items.items()))
        out.writestr("attempts.jsonl", "".join(f"{records.as_json(row)}\n" for row in rows))
        out.writestr("journal.txt", chain)


def main() -> None:
    print("# The verifier")
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        (here / "verify.py").write_text(verifier.source(), encoding="utf-8")
        make(here / "data.zip")
        size = (here / "data.zip").stat().st_size
        started = time.perf_counter()
        command = [sys.executable, "-I", "-S", "verify.py", "--en", "data.zip"]
        done = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False)
        span = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        assert done.returncode == 0, done.stdout + done.stderr
        print(done.stdout.strip())
        print(f"{ENTRIES:,} people, {size / 1e6:.0f} MB of data: {span:.1f} s, at most {peak} MB in one process")


if __name__ == "__main__":
    main()
