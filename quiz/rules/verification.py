"""Checking a published result sheet from its data alone: the papers, the marks, the order, the tree, the chain.

`verify.py` is this module with the rules that it stands on, joined into one file (reports.verifier), so the stranger who
checks us runs the very code that ranked.  The data is a ZIP that reports.public_data describes.
"""

from __future__ import annotations

import gc
import hashlib
import json
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from multiprocessing import get_context
from typing import Any, NamedTuple

from quiz.rules import answering, commitment, decks, drawing, keys, marking, merkle, records, tie_break
from quiz.rules.counting import Counted, Overall, choosing_chain, counted, together

SHOWN = 5  # faults of a kind that are named one by one
CHUNK = 5_000
HEX = frozenset("0123456789abcdef")


class Finding(NamedTuple):
    """state: "ok", "bad" or "skip"; what was checked; what was found."""

    state: str
    subject: str
    text: str


Files = Mapping[str, bytes]
Seen = tuple[list[Any], str]  # facts of an attempt, its digest
Looked = tuple[list[str], list[str], list[Seen]]


def check(files: Files) -> Iterator[Finding]:
    """Everything that the data allows to check, in the order in which it depends on each other."""
    sheet = json.loads(files["sheet.json"])
    yield from _standings(sheet, files["standings.txt"])
    yield from _tree(sheet, files["records.txt"], files["standings.txt"])
    yield from _commitments(sheet, files)
    if "attempts.jsonl" not in files:
        yield Finding("skip", "answers", "phương án trả lời chưa mở: chưa chấm lại được từng bài")
    else:
        yield from _attempts(sheet, files)
    yield from _journal(sheet, files["journal.txt"])


def _named(faults: Sequence[str], subject: str, good: str) -> Iterator[Finding]:
    if not faults:
        yield Finding("ok", subject, good)
    for fault in faults[:SHOWN]:
        yield Finding("bad", subject, fault)
    if len(faults) > SHOWN:
        yield Finding("bad", subject, f"và {len(faults) - SHOWN} chỗ sai khác")


# The list itself


def _standing_lines(content: bytes) -> list[list[str]]:
    return [line.split(" ") for line in content.decode().splitlines()]


def _standings(sheet: Mapping[str, Any], content: bytes) -> Iterator[Finding]:
    head = json.dumps([sheet["chain"], sheet["truth"]], separators=(",", ":"))
    digest = hashlib.sha256(f"hieu-luat sheet 2 {head}\n".encode() + content).hexdigest()
    faults = [] if digest == sheet["digest"] else [f"dấu bảng kết quả là {digest}, công bố là {sheet['digest']}"]
    lines = _standing_lines(content)
    numbers, _shared = tie_break.places([bytes.fromhex(line[4]) for line in lines])
    for n, (line, place) in enumerate(zip(lines, numbers, strict=True), 1):
        if line[:2] != [str(n), str(place)]:
            faults.append(f"dòng {n}: ghi hạng {line[1]}, theo chuỗi xét hạng là hạng {place}")
    for n, (above, below) in enumerate(pairwise(lines), 1):
        if above[4] > below[4]:
            faults.append(f"dòng {n} đứng trên dòng {n + 1} mà kết quả kém hơn")
    yield from _named(faults, "standings", f"{len(lines)} dòng đúng thứ tự, khớp dấu đã công bố")


def _tree(sheet: Mapping[str, Any], content: bytes, standings: bytes) -> Iterator[Finding]:
    lines = content.splitlines()
    faults = []
    root = merkle.root([merkle.leaf(line) for line in lines]).hex()
    if root != sheet["root"]:
        faults.append(f"gốc cây Merkle là {root}, công bố là {sheet['root']}")
    recorded = {line.split(b" ")[0]: line.split(b" ")[1:3] for line in lines}
    for line in standings.splitlines():
        position, _place, entry, _attempt, key = line.split(b" ")
        if recorded.get(entry) != [position, key]:
            faults.append(f"đăng ký {entry.decode()}: dòng trên bảng kết quả không có trong cây Merkle")
    yield from _named(faults, "merkle", f"{len(lines)} bản ghi, gốc cây khớp")


def _commitments(sheet: Mapping[str, Any], files: Files) -> Iterator[Finding]:
    items = _items(files)
    faults, skipped = [], False
    for round_ in sheet["rounds"]:
        pools = round_["pools"]
        digests = {code: commitment.pool_digest(rows) for code, rows in pools.items()}
        named = {row[0] for rows in pools.values() for row in rows}
        if round_["secret"] is None:
            skipped = True
            continue
        if named <= items.keys():
            content = _sealed_content({v: items[v] for v in named})
        else:
            skipped, content = True, (round_["items"], round_.get("items_without_pictures", round_["items"]))
        if round_["commitment"] not in _forms(round_["code"], digests, *content, round_["secret"]):
            faults.append(
                f"{round_['name']}: dấu niêm phong không khớp mã bí mật, danh sách câu hỏi và nội dung câu hỏi"
            )
    yield from _named(faults, "commitment", "dấu niêm phong công bố trước khi mở khớp câu hỏi và mã bí mật")
    if skipped:
        yield Finding("skip", "items", "nội dung câu hỏi và đáp án chưa mở hết: còn kỳ thi dùng chung câu hỏi")


def _sealed_content(items: Mapping[int, Mapping[str, Any]]) -> tuple[str, str]:
    """The digests of what items say, with their pictures and without; data of before there were any name none."""
    old = records.items_digest(items, records.OLD_CONTENT)
    return (records.items_digest(items) if all("images" in item for item in items.values()) else old), old


def _forms(code: str, pools: Mapping[str, str], items: str, without_pictures: str, secret: str) -> set[str]:
    """What the commitment may be: it covers more in contests that were opened later."""
    return {
        commitment.commitment(code, pools, items, secret),
        commitment.second_commitment(code, pools, without_pictures, secret),
        commitment.first_commitment(code, pools, secret),
    }


def _items(files: Files) -> dict[int, dict[str, Any]]:
    return {item["id"]: item for item in map(json.loads, files.get("items.jsonl", b"").splitlines())}


# Each attempt


class _Work(NamedTuple):
    """What every process needs to know to look at attempts."""

    sheet: dict[str, Any]
    items: dict[int, dict[str, Any]]
    records: dict[int, str]


_work: _Work | None = None


def _prepare(work: _Work) -> None:
    global _work
    gc.disable()
    _work = work


def _attempts(sheet: dict[str, Any], files: Files) -> Iterator[Finding]:
    sealed = {}
    for line in files["records.txt"].decode().splitlines():
        sealed[int(line.split(" ")[0])] = line
    work = _Work(sheet, _items(files), sealed)
    lines = files["attempts.jsonl"].splitlines()
    parts = [lines[i : i + CHUNK] for i in range(0, len(lines), CHUNK)]
    papers: list[str] = []
    marks: list[str] = []
    seen: list[Seen] = []
    for part_papers, part_marks, part_seen in _in_parallel(work, parts):
        papers += part_papers
        marks += part_marks
        seen += part_seen
    yield from _named(papers, "papers", f"{len(lines)} đề đúng như rút từ mã bí mật")
    if work.items:
        yield from _named(marks, "marks", f"{len(lines)} bài được chấm lại, đúng điểm đã ghi")
    yield from _named(list(_seals(sheet, seen, sealed)), "answers", "mọi lượt thi khớp cây Merkle")
    yield from _order(sheet, seen, files["standings.txt"])


def _in_parallel(work: _Work, parts: Sequence[list[bytes]]) -> Iterable[Looked]:
    if len(parts) < 2:
        _prepare(work)
        return [_look_at(part) for part in parts]
    with get_context().Pool(initializer=_prepare, initargs=(work,)) as pool:
        return pool.map(_look_at, parts, chunksize=1)


def _look_at(lines: Sequence[bytes]) -> Looked:
    """Faults of papers, and of marks, of some attempts; and what the tree and the order need to know of each."""
    assert _work is not None
    sheet = _work.sheet
    rounds = {r["id"]: r for r in sheet["rounds"]}
    cells = {r["id"]: [drawing.Cell(*cell) for cell in r["cells"]] for r in sheet["rounds"]}
    pools = {r["id"]: [commitment.candidate_of(row) for row in r["pools"][sheet["division"]]] for r in sheet["rounds"]}
    laid = {of: decks.Deck(pools[of], cells[of]) for of in rounds if cells[of] and rounds[of]["secret"]}
    worth = _worth(sheet)
    known = {v: _key(item, sheet["rulings"].get(str(v))) for v, item in _work.items.items()}
    papers, marks = [], []
    seen: list[Seen] = []
    for line in lines:
        facts, paper_text, responses_text, essays = json.loads(line)
        seen.append((facts, records.attempt_digest(facts, paper_text, responses_text, essays)))
        fact = dict(zip(records.FACTS, facts, strict=True))
        paper = json.loads(paper_text)
        round_ = rounds[fact["round"]]
        if fact["round"] in laid:
            secret = bytes.fromhex(round_["secret"])
            seed = drawing.attempt_seed(secret, fact["entry"], fact["round"], fact["number"])
            if str(seed) != fact["seed"]:
                papers.append(f"lượt {fact['id']}: mã rút đề không đúng")
            elif laid[fact["round"]].paper(seed) != [(v, tuple(order)) for v, order in paper]:
                papers.append(f"lượt {fact['id']}: đề không phải đề rút từ mã của lượt")
        if known:
            score = _score(paper, json.loads(responses_text), known, _work.items, worth)
            found = (score.points, score.maximum, score.correct, int(score.all_correct))
            stored = (fact["score"], fact["max_score"], fact["correct"], int(fact["all_correct"]))
            if found != stored:
                marks.append(
                    f"lượt {fact['id']}: chấm lại được {found[0]}/{found[1]} điểm, ghi {stored[0]}/{stored[1]}"
                )
    return papers, marks, seen


def _worth(sheet: Mapping[str, Any]) -> marking.Worth:
    w = sheet["worth"]
    return marking.Worth(w["each"], {int(level): n for level, n in w["by_level"].items()}, w["whole"], w["essay"])


def _key(item: Mapping[str, Any], ruling: Mapping[str, Any] | None) -> marking.Key:
    right = range(1, len(item["options"]) + 1) if item["kind"] == "ordering" else item["key"]
    key = marking.Key(
        kind=item["kind"], right=tuple(right), accepted=tuple(item["accepted"]), partial=bool(item["partial"])
    )
    return keys.effective(key, keys.Overlay.from_json(ruling)) if ruling else key


def _score(
    paper: Sequence[Sequence[Any]],
    responses: Mapping[str, Any],
    known: Mapping[int, marking.Key],
    items: Mapping[int, Mapping[str, Any]],
    worth: marking.Worth,
) -> marking.Score:
    marks, maximum = [], 0
    for number, (version_id, order) in enumerate(paper, 1):
        item = items[version_id]
        points = worth.of(item["kind"], item["level"])
        maximum += points
        if item["kind"] != marking.ESSAY:
            given = answering.given(item["kind"], len(item["options"]), order, responses, number)
            answer = answering.response(item["kind"], order, given)
            marks.append(marking.mark(known[version_id], answer, points, whole=worth.whole))
    return marking.score(marks, maximum)


def _seals(sheet: Mapping[str, Any], attempts: Sequence[Seen], sealed: Mapping[int, str]) -> Iterator[str]:
    """Attempts that are not the ones in the tree."""
    seen = set()
    for entry, own in groupby(attempts, key=lambda attempt: attempt[0][1]):
        digests = [digest for _facts, digest in own]
        _entry, position, key, _seal = sealed.get(entry, f"{entry} 0 - -").split(" ")
        salt = records.entry_salt(sheet["salt"], entry)
        if records.record(entry, int(position), key, salt, digests).decode() != sealed.get(entry):
            yield f"đăng ký {entry}: các lượt thi không khớp bản ghi trong cây Merkle"
        seen.add(entry)
    for entry in sealed.keys() - seen:
        yield f"đăng ký {entry}: có bản ghi trong cây Merkle mà thiếu lượt thi"


# The order


def _moment(microseconds: int) -> datetime:
    return tie_break.EPOCH + timedelta(microseconds=microseconds)


def _order(sheet: Mapping[str, Any], attempts: Sequence[Seen], standings: bytes) -> Iterator[Finding]:
    annulled = set(sheet["annulled"])
    registered = sheet["registered"]
    found: dict[int, tuple[int, bytes]] = {}
    chain = sheet["chain"]
    for entry, own in groupby(attempts, key=lambda attempt: attempt[0][1]):
        results = []
        by_round = groupby((dict(zip(records.FACTS, facts, strict=True)) for facts, _ in own), key=lambda f: f["round"])
        for _round, of_round in by_round:
            all_ = list(of_round)
            valid = [_result(f, sheet["truth"], registered.get(str(entry), 0)) for f in all_ if f["id"] not in annulled]
            if valid:
                results.append(_of_round(valid, sheet, used=len(all_)))
        if not results:
            continue
        whole = results[0] if sheet["overall"] == "none" else together(results, Overall(sheet["overall"]), chain)
        found[entry] = (whole.attempt_id, tie_break.packed(whole, tuple(chain)))
    faults = []
    for line in _standing_lines(standings):
        entry, attempt, key = int(line[2]), int(line[3]), bytes.fromhex(line[4])
        mine = found.pop(entry, None)
        if mine is None:
            faults.append(f"đăng ký {entry} có tên trên bảng mà không có lượt thi hợp lệ")
        elif mine[1] != key:
            faults.append(f"đăng ký {entry}: kết quả tính lại khác kết quả trên bảng")
        elif mine[0] != attempt:
            faults.append(f"đăng ký {entry}: lượt được tính là {mine[0]}, bảng ghi {attempt}")
    faults += [f"đăng ký {entry} có lượt thi hợp lệ mà không có tên trên bảng" for entry in found]
    yield from _named(faults, "ranking", "thứ hạng tính lại từ các lượt thi đúng như bảng")


def _of_round(valid: Sequence[tie_break.Result], sheet: Mapping[str, Any], used: int) -> tie_break.Result:
    one = counted(valid, Counted(sheet["counted"]), sheet["choosing"])
    return replace(
        one,
        attempts_used=used,
        perfect_attempts=sum(r.perfect for r in valid),
        total_elapsed_ms=sum(r.elapsed_ms for r in valid),
    )


def _result(fact: Mapping[str, Any], truth: int | None, registered: int) -> tie_break.Result:
    guess = fact["prediction"]
    return tie_break.Result(
        entry_id=fact["entry"],
        attempt_id=fact["id"],
        score=fact["score"] + (fact["written"] or 0),
        elapsed_ms=fact["elapsed_ms"],
        submitted_at=_moment(fact["ended"]),
        registered_at=_moment(registered),
        prediction_gap=None if guess is None or truth is None else abs(guess - truth),
        correct=fact["correct"],
        perfect=int(fact["all_correct"]),
        started_at=_moment(fact["started"]),
        written=fact["written"] or 0,
    )


def why_chosen(sheet: Mapping[str, Any]) -> tuple[str, ...]:
    """By which steps one of a person's attempts counts, for people who read the data."""
    return choosing_chain(Counted(sheet["counted"]), sheet["choosing"])


# The journal


def _journal(sheet: Mapping[str, Any], content: bytes) -> Iterator[Finding]:
    faults = []
    previous = "0" * 64
    last = 0
    for line in content.decode().splitlines():
        seq, form, before, said, hash_ = line.split(" ")
        if int(seq) != last + 1 or before != previous:
            faults.append(f"bản ghi {seq} không nối với bản ghi trước")
        if form != "1" and hashlib.sha256((before + said).encode()).hexdigest() != hash_:
            faults.append(f"bản ghi {seq}: dấu không khớp nội dung")
        previous, last = hash_, int(seq)
        if last == sheet["journal"]["seq"] and hash_ != sheet["journal"]["hash"]:
            faults.append(f"bản ghi {seq}: khác đầu chuỗi đã công bố cùng bảng kết quả")
    if last < sheet["journal"]["seq"]:
        faults.append(f"nhật ký chỉ có {last} bản ghi, khi lập bảng đã có {sheet['journal']['seq']}")
    yield from _named(faults, "journal", f"chuỗi {last} bản ghi liền mạch, khớp đầu chuỗi đã công bố")


# A receipt


def check_receipt(receipt: Mapping[str, Any], root: str | None = None) -> list[Finding]:
    """Does a person's receipt belong to the root?  root: as published; else the one that the receipt names"""
    digests = [records.attempt_digest(*attempt) for attempt in receipt["attempts"]]
    record = records.record(receipt["entry"], receipt["position"], receipt["key"], receipt["salt"], digests)
    found = merkle.root_by(record, receipt["proof"]).hex()
    wanted = root or receipt["sheet"]["root"]
    if found == wanted:
        return [Finding("ok", "receipt", f"biên nhận thuộc bảng kết quả có gốc {wanted}")]
    return [Finding("bad", "receipt", f"biên nhận dẫn đến gốc {found}, không phải {wanted}")]


# The command

WORDS = {
    "vi": {"ok": "ĐÚNG", "bad": "SAI", "skip": "CHƯA"},
    "en": {"ok": "OK", "bad": "WRONG", "skip": "SKIPPED"},
}
USAGE = """Cách dùng (usage):
  python verify.py du-lieu.zip                     kiểm tra bảng kết quả (check a result sheet)
  python verify.py bien-nhan.json [du-lieu.zip]    kiểm tra biên nhận (check a receipt)
  --en                                             English words
Kết thúc với mã 0 khi mọi thứ đúng, 1 khi có chỗ sai (exit status 1 when something is wrong)."""


def main(arguments: Sequence[str], say: Callable[[str], object] = print) -> int:
    """Check the files that are named; gives the exit status."""
    gc.disable()  # everything is kept to the end, and looking for what can go would take half of the time
    words = WORDS["en" if "--en" in arguments else "vi"]
    paths = [a for a in arguments if not a.startswith("--")]
    if not paths:
        say(USAGE)
        return 2
    findings: list[Finding] = []
    files: Files = {}
    for path in paths:
        if path.endswith(".zip"):
            with zipfile.ZipFile(path) as archive:
                files = {name: archive.read(name) for name in archive.namelist()}
    for path in paths:
        if path.endswith(".json"):
            with open(path, encoding="utf-8") as file:
                receipt = json.load(file)
            root = json.loads(files["sheet.json"])["root"] if files else None
            findings += check_receipt(receipt, root)
    if files:
        findings += check(files)
    for finding in findings:
        say(f"{words[finding.state]:8} {finding.subject:11} {finding.text}")
    return 1 if any(finding.state == "bad" for finding in findings) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
