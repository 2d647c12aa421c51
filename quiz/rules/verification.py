"""Checking a published result sheet from its data alone: the papers, the marks, the order, the tree, the chain.

`verify.py` is this module with the rules that it stands on, joined into one file (reports.verifier), so the stranger who
checks us runs the very code that ranked.  The data is a ZIP that reports.public_data describes.
"""

from __future__ import annotations

import gc
import hashlib
import json
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from multiprocessing import get_context
from typing import Any, NamedTuple

from quiz.rules import (
    answering,
    commitment,
    decks,
    drawing,
    keys,
    lots,
    marking,
    merkle,
    prediction,
    records,
    tie_break,
)
from quiz.rules.counting import Counted, Overall, choosing_chain, counted, together

FORMS = ("hieu-luat sheet data 1", "hieu-luat sheet data 2")
RECEIPT = "hieu-luat receipt 1"
SHOWN = 5  # faults of a kind that are named one by one
CHUNK = 5_000


class Words(NamedTuple):
    """A sentence in both languages."""

    vi: str
    en: str


class Finding(NamedTuple):
    """state: "ok", "bad" or "skip"; what was checked; what was found."""

    state: str
    subject: str
    text: Words


class Unreadable(Exception):
    """The data are not in the form that reports.public_data writes."""

    def __init__(self, words: Words) -> None:
        super().__init__(words)
        self.words = words


# what making sense of a file raises that was cut off, or written by somebody else
DAMAGE = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError, RecursionError, RuntimeError, TypeError, ValueError,
    drawing.BankTooSmall, struct.error, zipfile.BadZipFile, zlib.error,
)  # fmt: skip

Files = Mapping[str, bytes]
Seen = tuple[list[Any], str]  # facts of an attempt, its digest
Looked = tuple[list[Words], list[Words], list[Seen]]


def check(files: Files) -> Iterator[Finding]:
    """Everything that the data allows to check, in the order in which it depends on each other.  Raises Unreadable."""
    sheet = _sheet(files)
    yield from _readable("standings.txt", lambda: _standings(sheet, files["standings.txt"]))
    yield from _readable("records.txt", lambda: _tree(sheet, files["records.txt"], files["standings.txt"]))
    yield from _readable("sheet.json, items.jsonl", lambda: _commitments(sheet, files))
    if "attempts.jsonl" not in files:
        yield Finding("skip", "answers", Words(
            "phương án trả lời chưa mở: chưa chấm lại được từng bài",
            "the answers are not open: papers cannot be marked again",
        ))  # fmt: skip
    else:
        yield from _readable("attempts.jsonl", lambda: _attempts(sheet, files))
    yield from _readable("sheet.json", lambda: _lots(sheet, files))
    yield from _readable("journal.txt", lambda: _journal(sheet, files["journal.txt"]))


def _sheet(files: Files) -> dict[str, Any]:
    try:
        sheet = json.loads(files["sheet.json"])
        form = sheet["form"]
    except DAMAGE as error:
        raise Unreadable(_not_readable("sheet.json", error)) from error
    if form not in FORMS:
        raise Unreadable(Words(
            f"dữ liệu theo mẫu {form!r} mà verify.py này chưa biết: hãy tải lại verify.py cùng lúc với dữ liệu",
            f"the data are of the form {form!r}, which this verify.py does not know: get both again together",
        ))  # fmt: skip
    return dict(sheet)


def _readable(name: str, part: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    try:
        yield from part()
    except DAMAGE as error:
        raise Unreadable(_not_readable(name, error)) from error


def _not_readable(name: str, error: BaseException) -> Words:
    why = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    return Words(
        f"không đọc được {name}: thiếu tệp hoặc dữ liệu không đúng mẫu ({why})",
        f"{name} cannot be read: missing, or not in the form of these data ({why})",
    )


def _named(faults: Sequence[Words], subject: str, good: Words) -> Iterator[Finding]:
    if not faults:
        yield Finding("ok", subject, good)
    for fault in faults[:SHOWN]:
        yield Finding("bad", subject, fault)
    if more := len(faults[SHOWN:]):
        yield Finding("bad", subject, Words(f"và {more} chỗ sai khác", f"and {more} more"))


# The list itself


def _standing_lines(content: bytes) -> list[list[str]]:
    return [line.split(" ") for line in content.decode().splitlines()]


def _standings(sheet: Mapping[str, Any], content: bytes) -> Iterator[Finding]:
    head = json.dumps([sheet["chain"], sheet["truth"]], separators=(",", ":"))
    digest = hashlib.sha256(f"hieu-luat sheet 2 {head}\n".encode() + content).hexdigest()
    faults = []
    if digest != sheet["digest"]:
        faults.append(Words(
            f"dấu bảng kết quả là {digest}, công bố là {sheet['digest']}",
            f"the digest of the sheet is {digest}, {sheet['digest']} was published",
        ))  # fmt: skip
    lines = _standing_lines(content)
    numbers, _shared = tie_break.places([bytes.fromhex(line[4]) for line in lines])
    for n, (line, place) in enumerate(zip(lines, numbers, strict=True), 1):
        if line[:2] != [str(n), str(place)]:
            faults.append(Words(
                f"dòng {n}: ghi hạng {line[1]}, theo chuỗi xét hạng là hạng {place}",
                f"line {n}: says place {line[1]}, by the chain it is place {place}",
            ))  # fmt: skip
    for n, (above, below) in enumerate(pairwise(lines), 1):
        if above[4] > below[4]:
            faults.append(Words(
                f"dòng {n} đứng trên dòng {n + 1} mà kết quả kém hơn",
                f"line {n} stands above line {n + 1} with a worse result",
            ))  # fmt: skip
    good = Words(
        f"{len(lines)} dòng đúng thứ tự, khớp dấu đã công bố",
        f"{len(lines)} lines in the right order, as the published digest has them",
    )
    yield from _named(faults, "standings", good)


def _tree(sheet: Mapping[str, Any], content: bytes, standings: bytes) -> Iterator[Finding]:
    lines = content.splitlines()
    faults = []
    root = merkle.root([merkle.leaf(line) for line in lines]).hex()
    if root != sheet["root"]:
        faults.append(Words(
            f"gốc cây Merkle là {root}, công bố là {sheet['root']}",
            f"the root of the Merkle tree is {root}, {sheet['root']} was published",
        ))  # fmt: skip
    recorded = {line.split(b" ")[0]: line.split(b" ")[1:3] for line in lines}
    for line in standings.splitlines():
        position, _place, entry, _attempt, key = line.split(b" ")
        if recorded.get(entry) != [position, key]:
            faults.append(Words(
                f"đăng ký {entry.decode()}: dòng trên bảng kết quả không có trong cây Merkle",
                f"entry {entry.decode()}: its line on the sheet is not in the Merkle tree",
            ))  # fmt: skip
    good = Words(f"{len(lines)} bản ghi, gốc cây khớp", f"{len(lines)} records lead to the published root")
    yield from _named(faults, "merkle", good)


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
            faults.append(Words(
                f"{round_['name']}: dấu niêm phong không khớp mã bí mật, danh sách câu hỏi và nội dung câu hỏi",
                f"{round_['name']}: the commitment does not fit the secret, the pools and what the items say",
            ))  # fmt: skip
    good = Words(
        "dấu niêm phong công bố trước khi mở khớp câu hỏi và mã bí mật",
        "what was committed to before the opening fits the items and the secrets",
    )
    yield from _named(faults, "commitment", good)
    if skipped:
        yield Finding("skip", "items", Words(
            "nội dung câu hỏi và đáp án chưa mở hết: còn kỳ thi dùng chung câu hỏi",
            "not all items and keys are open: a round is still to come that may ask them",
        ))  # fmt: skip


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
    papers: list[Words] = []
    marks: list[Words] = []
    seen: list[Seen] = []
    for part_papers, part_marks, part_seen in _in_parallel(work, parts):
        papers += part_papers
        marks += part_marks
        seen += part_seen
    n = len(lines)
    drawn = Words(f"{n} đề đúng như rút từ mã bí mật", f"{n} papers are those that the secrets draw")
    yield from _named(papers, "papers", drawn)
    if work.items:
        right = Words(f"{n} bài được chấm lại, đúng điểm đã ghi", f"{n} papers marked again, with the same points")
        yield from _named(marks, "marks", right)
    else:
        yield Finding("skip", "marks", Words(
            "đáp án chưa mở: chưa chấm lại được từng bài", "the keys are not open: papers cannot be marked again"
        ))  # fmt: skip
    kept = Words("mọi lượt thi khớp cây Merkle", "all attempts are those of the Merkle tree")
    yield from _named(list(_seals(sheet, seen, sealed)), "answers", kept)
    yield from _truth(sheet, seen)
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
                papers.append(Words(
                    f"lượt {fact['id']}: mã rút đề không đúng", f"attempt {fact['id']}: not the seed of its paper"
                ))  # fmt: skip
            elif laid[fact["round"]].paper(seed) != [(v, tuple(order)) for v, order in paper]:
                papers.append(Words(
                    f"lượt {fact['id']}: đề không phải đề rút từ mã của lượt",
                    f"attempt {fact['id']}: not the paper that its seed draws",
                ))  # fmt: skip
        if known:
            score = _score(paper, json.loads(responses_text), known, _work.items, worth)
            found = (score.points, score.maximum, score.correct, int(score.all_correct))
            stored = (fact["score"], fact["max_score"], fact["correct"], int(fact["all_correct"]))
            if found != stored:
                marks.append(Words(
                    f"lượt {fact['id']}: chấm lại được {found[0]}/{found[1]} điểm, ghi {stored[0]}/{stored[1]}",
                    f"attempt {fact['id']}: marked again it has {found[0]}/{found[1]} points, not {stored[0]}/{stored[1]}",
                ))  # fmt: skip
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


def _seals(sheet: Mapping[str, Any], attempts: Sequence[Seen], sealed: Mapping[int, str]) -> Iterator[Words]:
    """Attempts that are not the ones in the tree."""
    seen = set()
    for entry, own in groupby(attempts, key=lambda attempt: attempt[0][1]):
        digests = [digest for _facts, digest in own]
        _entry, position, key, _seal = sealed.get(entry, f"{entry} 0 - -").split(" ")
        salt = records.entry_salt(sheet["salt"], entry)
        if records.record(entry, int(position), key, salt, digests).decode() != sealed.get(entry):
            yield Words(
                f"đăng ký {entry}: các lượt thi không khớp bản ghi trong cây Merkle",
                f"entry {entry}: its attempts are not those of the record in the Merkle tree",
            )
        seen.add(entry)
    for entry in sealed.keys() - seen:
        yield Words(
            f"đăng ký {entry}: có bản ghi trong cây Merkle mà thiếu lượt thi",
            f"entry {entry}: has a record in the Merkle tree and no attempt",
        )


# The truth of a prediction


def _truth(sheet: Mapping[str, Any], attempts: Sequence[Seen]) -> Iterator[Finding]:
    asked = sheet.get("prediction")
    if sheet["truth"] is None or asked is None:
        return
    if not asked["is_whole"]:
        yield Finding("skip", "truth", Words(
            "số thực tế được đếm cả ở bảng hoặc kỳ thi khác, nên chưa đếm lại được từ dữ liệu này",
            "the truth was counted over other divisions or rounds too, so these data do not suffice to count it again",
        ))  # fmt: skip
        return
    annulled, rounds = set(sheet["annulled"]), set(asked["rounds"])
    id_, entry, round_, all_correct = map(records.FACTS.index, ("id", "entry", "round", "all_correct"))
    valid = (
        prediction.Finished(facts[entry], bool(facts[all_correct]))
        for facts, _digest in attempts
        if facts[id_] not in annulled and facts[round_] in rounds
    )
    counted_again = prediction.truth(valid, prediction.Target(asked["target"]))
    faults = []
    if counted_again != sheet["truth"]:
        faults.append(Words(
            f"số thực tế của câu dự đoán đếm lại được {counted_again}, công bố là {sheet['truth']}",
            f"the truth of the prediction is {counted_again} when counted again, {sheet['truth']} was published",
        ))  # fmt: skip
    good = Words(
        f"số thực tế của câu dự đoán đếm lại đúng là {counted_again}",
        f"the truth of the prediction is {counted_again}, counted again",
    )
    yield from _named(faults, "truth", good)


# Draws


def _lots(sheet: Mapping[str, Any], files: Files) -> Iterator[Finding]:
    drawn = sheet.get("lots", [])
    if not drawn:
        return
    lines = _standing_lines(files["standings.txt"])
    everybody = {int(line[2]) for line in lines}
    faults: list[Words] = []
    is_whole = True
    for lot in drawn:
        urn, entries = _urn(lot, lines), lot["entries"]
        is_whole = is_whole and urn is not None
        # where nobody can tell who was drawn from, the order of those drawn can be checked all the same
        again = lots.draw_lots(lot["seed"], sheet["digest"], entries if urn is None else urn)
        where = f"{lot['kind']} {lot['place']}"
        is_of_all = urn is None or len(urn) == lot["urn"]
        if again[: len(entries)] != entries or not set(entries) <= everybody or not is_of_all:
            faults.append(Words(
                f"bốc thăm ({where}): bốc lại từ dãy số {lot['seed']!r} ra thứ tự khác, hoặc không đúng người được bốc",
                f"draw ({where}): drawn again from the seed {lot['seed']!r} it comes out otherwise, or of other people",
            ))  # fmt: skip
        if not lot["announced"] < lot["drawn"]:
            faults.append(Words(
                f"bốc thăm ({where}): nguồn của dãy số không được báo trước", f"draw ({where}): not announced before"
            ))  # fmt: skip
    good = Words(
        f"{len(drawn)} lần bốc thăm, bốc lại từ dãy số công khai đúng như đã ghi",
        f"{len(drawn)} draws come out as written when drawn again from their public seeds",
    )
    yield from _named(faults, "lots", good)
    if not is_whole:
        yield Finding("skip", "lots", Words(
            "chưa biết đủ ai được bốc ở một lần bốc thăm may mắn: chỉ kiểm tra được thứ tự của những người đã bốc",
            "who was in the urn of a lucky draw cannot be told from these data: only the order of those drawn was checked",
        ))  # fmt: skip


def _urn(lot: Mapping[str, Any], lines: Sequence[Sequence[str]]) -> list[int] | None:
    """Who was drawn from; None where the data do not tell."""
    if lot["kind"] == "tie":
        return [int(line[2]) for line in lines if int(line[1]) == lot["place"]]
    if lot["left_out"] is None:
        return None
    left_out = set(lot["left_out"])
    return [entry for line in lines if (entry := int(line[2])) not in left_out]


# The order


def _moment(microseconds: int) -> datetime:
    return tie_break.EPOCH + timedelta(microseconds=microseconds)


def _order(sheet: Mapping[str, Any], attempts: Sequence[Seen], standings: bytes) -> Iterator[Finding]:
    annulled = set(sheet["annulled"])
    registered = sheet["registered"]
    found: dict[int, tuple[int, bytes]] = {}
    chain = sheet["chain"]
    for entry, own in groupby(attempts, key=lambda attempt: attempt[0][1]):
        of_rounds: dict[int, tie_break.Result] = {}
        by_round = groupby((dict(zip(records.FACTS, facts, strict=True)) for facts, _ in own), key=lambda f: f["round"])
        for round_id, of_round in by_round:
            all_ = list(of_round)
            valid = [_result(f, sheet["truth"], registered.get(str(entry), 0)) for f in all_ if f["id"] not in annulled]
            if valid:
                of_rounds[round_id] = _of_round(valid, sheet, used=len(all_))
        results = [of_rounds[r["id"]] for r in sheet["rounds"] if r["id"] in of_rounds]
        if not results:
            continue
        whole = results[0] if sheet["overall"] == "none" else together(results, Overall(sheet["overall"]), chain)
        found[entry] = (whole.attempt_id, tie_break.packed(whole, tuple(chain)))
    faults = []
    for line in _standing_lines(standings):
        entry, attempt, key = int(line[2]), int(line[3]), bytes.fromhex(line[4])
        mine = found.pop(entry, None)
        if mine is None:
            faults.append(Words(
                f"đăng ký {entry} có tên trên bảng mà không có lượt thi hợp lệ",
                f"entry {entry} stands on the sheet without a valid attempt",
            ))  # fmt: skip
        elif mine[1] != key:
            faults.append(Words(
                f"đăng ký {entry}: kết quả tính lại khác kết quả trên bảng",
                f"entry {entry}: its result, worked out again, is not the one on the sheet",
            ))  # fmt: skip
        elif mine[0] != attempt:
            faults.append(Words(
                f"đăng ký {entry}: lượt được tính là {mine[0]}, bảng ghi {attempt}",
                f"entry {entry}: attempt {mine[0]} counts, the sheet says {attempt}",
            ))  # fmt: skip
    faults += [
        Words(
            f"đăng ký {entry} có lượt thi hợp lệ mà không có tên trên bảng",
            f"entry {entry} has a valid attempt and does not stand on the sheet",
        )
        for entry in found
    ]
    good = Words(
        "thứ hạng tính lại từ các lượt thi đúng như bảng",
        "the order, worked out again from the attempts, is that of the sheet",
    )
    yield from _named(faults, "ranking", good)


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
            faults.append(Words(
                f"bản ghi {seq} không nối với bản ghi trước", f"record {seq} does not follow the one before it"
            ))  # fmt: skip
        # of records from before, whose hash is over the words themselves, only the order can be checked
        if said != "-" if form == "1" else hashlib.sha256((before + said).encode()).hexdigest() != hash_:
            faults.append(Words(f"bản ghi {seq}: dấu không khớp nội dung", f"record {seq}: its hash does not fit"))
        previous, last = hash_, int(seq)
        if last == sheet["journal"]["seq"] and hash_ != sheet["journal"]["hash"]:
            faults.append(Words(
                f"bản ghi {seq}: khác đầu chuỗi đã công bố cùng bảng kết quả",
                f"record {seq}: not the head of the chain that was published with the sheet",
            ))  # fmt: skip
    if last < sheet["journal"]["seq"]:
        faults.append(Words(
            f"nhật ký chỉ có {last} bản ghi, khi lập bảng đã có {sheet['journal']['seq']}",
            f"the journal has {last} records, and had {sheet['journal']['seq']} when the sheet was made",
        ))  # fmt: skip
    good = Words(
        f"chuỗi {last} bản ghi liền mạch, khớp đầu chuỗi đã công bố",
        f"a chain of {last} records without a gap, with the published head",
    )
    yield from _named(faults, "journal", good)


# A receipt


def check_receipt(receipt: Mapping[str, Any], root: str | None = None) -> list[Finding]:
    """Does a person's receipt belong to the root?  root: as published; else the one that the receipt names

    Raises Unreadable.
    """
    try:
        return _check_receipt(receipt, root)
    except DAMAGE as error:
        name = Words("biên nhận", "the receipt")
        vi, en = (_not_readable(word, error)[n] for n, word in enumerate(name))
        raise Unreadable(Words(vi, en)) from error


def _check_receipt(receipt: Mapping[str, Any], root: str | None) -> list[Finding]:
    if receipt["form"] != RECEIPT:
        raise ValueError(f"form {receipt['form']!r}")
    digests = [records.attempt_digest(*attempt) for attempt in receipt["attempts"]]
    record = records.record(receipt["entry"], receipt["position"], receipt["key"], receipt["salt"], digests)
    found = merkle.root_by(record, receipt["proof"]).hex()
    wanted = root or receipt["sheet"]["root"]
    if found == wanted:
        good = Words(
            f"biên nhận thuộc bảng kết quả có gốc {wanted}", f"the receipt belongs to the sheet with the root {wanted}"
        )
        return [Finding("ok", "receipt", good)]
    bad = Words(
        f"biên nhận dẫn đến gốc {found}, không phải {wanted}", f"the receipt leads to the root {found}, not to {wanted}"
    )
    return [Finding("bad", "receipt", bad)]


# The command

STATES = {"ok": Words("ĐÚNG", "OK"), "bad": Words("SAI", "WRONG"), "skip": Words("CHƯA", "SKIPPED")}
USAGE = Words(
    """Cách dùng:
  python verify.py du-lieu.zip                     kiểm tra bảng kết quả
  python verify.py bien-nhan.json [du-lieu.zip]    kiểm tra biên nhận
  --en                                             in bằng tiếng Anh
Kết thúc với mã 0 khi mọi thứ đúng, 1 khi có chỗ sai, 2 khi không đọc được dữ liệu.""",
    """Usage:
  python verify.py data.zip                        check a result sheet
  python verify.py receipt.json [data.zip]         check a receipt
  --en                                             in English
Exit status 0 when all is right, 1 when something is wrong, 2 when the data cannot be read.""",
)


def main(arguments: Sequence[str], say: Callable[[str], object] = print) -> int:
    """Check the files that are named; gives the exit status."""
    gc.disable()  # everything is kept to the end, and looking for what can go would take half of the time
    language = 1 if "--en" in arguments else 0
    paths = [a for a in arguments if not a.startswith("--")]
    if not paths or not all(path.endswith((".zip", ".json")) for path in paths):
        say(USAGE[language])
        return 2
    is_right = True
    try:
        for finding in _of_files(paths):
            say(f"{STATES[finding.state][language]:8} {finding.subject:11} {finding.text[language]}")
            is_right = is_right and finding.state != "bad"
    except Unreadable as error:
        say(error.words[language])
        return 2
    return 0 if is_right else 1


def _of_files(paths: Sequence[str]) -> Iterator[Finding]:
    files: Files = {}
    for path in paths:
        if path.endswith(".zip"):
            files = _opened(path, _unzipped)
    for path in paths:
        if path.endswith(".json"):
            root = _sheet(files).get("root") if files else None
            yield from check_receipt(_opened(path, _json_of), root)
    if files:
        yield from check(files)


def _opened(path: str, read: Callable[[str], Any]) -> Any:
    try:
        return read(path)
    except DAMAGE as error:
        raise Unreadable(_not_readable(path, error)) from error


def _unzipped(path: str) -> Files:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _json_of(path: str) -> Any:
    with open(path, encoding="utf-8") as file:
        return json.load(file)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
