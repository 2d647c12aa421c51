"""Whoever changes a row behind the application's back is named: one case at least for every table, or a reason why not.

Each case changes a copy of the file of two finished contests with plain sqlite3, as somebody with the file in hand would.
"""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from quiz import journal
from quiz.app import create_app
from quiz.db import db, transaction
from quiz.journal import JournalHead, JournalRecord
from quiz.ranking.models import SheetProof
from quiz.reports import record_check
from quiz.rules import verification
from tests.conftest import HandClock, settings_for
from tests.given import Given
from tests.reports.full import full_contests
from tests.reports.verified import checked

ATTEMPT = "(SELECT min(id) FROM attempt WHERE id NOT IN (SELECT attempt_id FROM annulment))"
TASK = "(SELECT max(id) FROM essay_task)"

# table → what is done to it → (statement, how the line that names it begins)
CASES: dict[str, dict[str, tuple[str, str]]] = {
    "role_grant": {
        "given": ("INSERT INTO role_grant VALUES (9, 'admin', '2024-01-01 00:00:00', NULL)", "role_grant of account 9"),
        "taken": ("DELETE FROM role_grant WHERE role = 'organizer'", "role_grant of account"),
        "by somebody else": ("UPDATE role_grant SET granted_by_id = 1", "role_grant of account"),
    },
    "org_unit": {
        "name": ("UPDATE org_unit SET name = 'Khác' WHERE id = 1", "org_unit 1"),
        "block": ("UPDATE org_unit SET block = 'Khác' WHERE id = 3", "org_unit 3"),
        "gone": ("DELETE FROM org_unit WHERE id = 3", "org_unit 3"),
        "added": ("INSERT INTO org_unit (code, name, kind, block, note) VALUES ('X', 'X', '', '', '')", "org_unit 4"),
    },
    "headcount": {
        "people": ("UPDATE headcount SET people = 99 WHERE id = 1", "headcount 1"),
        "imported": ("UPDATE headcount SET people = 99 WHERE id = 3", "headcount 3"),
        "day": ("UPDATE headcount SET as_of = '2020-01-01' WHERE id = 1", "headcount 1"),
        "gone": ("DELETE FROM headcount WHERE id = 1", "headcount of org_unit 1"),
        "added": ("INSERT INTO headcount (org_unit_id, as_of, people, source) VALUES (1, '2020-01-01', 5, '')", "headcount 4"),
    },
    "item_version": {
        "key": ("UPDATE item_version SET key = '[3]' WHERE id = 2", "item_version 2"),
        "wording": ("UPDATE item_version SET stem = 'Khác?' WHERE id = 2", "item_version 2"),
        "picture": ("UPDATE item_version SET images = '[]' WHERE id = 2", "item_version 2"),
        "essay": ("UPDATE item_version SET stem = 'Khác?' WHERE kind = 'essay'", "item_version"),
        "gone": ("DELETE FROM item_version WHERE id = 2", "item_version 2"),
        "nonsense": ("UPDATE item_version SET options = 'x' WHERE id = 2", "contest 1"),
    },
    "picture": {
        "bytes": ("UPDATE picture SET content = x'00'", "picture"),
        "gone": ("DELETE FROM picture", "picture"),
    },
    "key_doubt": {
        "why": ("UPDATE key_doubt SET why = 'x' WHERE version_id = (SELECT min(version_id) FROM key_doubt)", "key_doubt"),
        "gone": ("DELETE FROM key_doubt", "key_doubt"),
        "added": ("INSERT INTO key_doubt SELECT id, 'x', '2024-01-01 00:00:00.000000' FROM item_version WHERE kind = 'essay' AND number = 1",
            "key_doubt"),
    },
    "contest": {
        "rules": ("UPDATE contest SET rules = json_set(rules, '$.minutes', 99) WHERE id = 2", "contest 2"),
        "title": ("UPDATE contest SET title = 'Khác' WHERE id = 2", "contest 2"),
        "law date": ("UPDATE contest SET law_date = '2020-01-01' WHERE id = 1", "contest 1"),
        "introduction": ("UPDATE contest SET summary = 'Khác' WHERE id = 2", "contest 2"),
        "number": ("UPDATE contest SET rules_number = 'Khác' WHERE id = 2", "contest 2"),
        "rulings": ("UPDATE contest SET key_rulings = '{}' WHERE id = 1", "contest 1"),
        "a draft again": ("UPDATE contest SET state = 'draft', opened_at = NULL WHERE id = 1", "contest 1"),
        "gone": ("DELETE FROM contest WHERE id = 2", "contest 2"),
        "nonsense": ("UPDATE contest SET rules = 'x' WHERE id = 2", "contest 2"),
    },
    "division": {
        "name": ("UPDATE division SET name = 'Khác' WHERE contest_id = 2", "division 2"),
        "prizes": ("UPDATE division SET rules = json_set(rules, '$.prizes[0].amount', 1) WHERE contest_id = 2", "division 2"),
        "gone": ("DELETE FROM division WHERE contest_id = 2", "division of contest 2"),
    },
    "round": {
        "secret": ("UPDATE round SET secret = 'ff' WHERE id = 1", "round 1"),
        "commitment": ("UPDATE round SET commitment = 'ff' WHERE id = 1", "round 1"),
        "close": ("UPDATE round SET closes_at = '2030-01-01 00:00:00.000000' WHERE id = 3", "round 3"),
        "planned close": ("UPDATE round SET planned_closes_at = NULL WHERE id = 2", "round 2"),
        "opening": ("UPDATE round SET opens_at = '2020-01-01 00:00:00.000000' WHERE id = 1", "round 1"),
        "not out": ("UPDATE round SET published_at = NULL WHERE id = 1", "round 1"),
        "not fixed": ("UPDATE round SET first_published_at = NULL WHERE id = 1", "round 1"),
        "gone": ("DELETE FROM round WHERE id = 3", "round of contest 2"),
    },
    "pool": {
        "candidates": ("UPDATE pool SET candidates = '[]' WHERE id = 1", "pool 1"),
        "digest": ("UPDATE pool SET digest = 'ff' WHERE id = 1", "pool 1"),
        "gone": ("DELETE FROM pool WHERE id = 1", "contest 1"),
    },
    "qualification": {
        "added": (
            "INSERT INTO qualification SELECT round_id, (SELECT max(id) FROM entry), admitted_at, admitted_by_id "
            "FROM qualification LIMIT 1",
            "qualification of round 3",
        ),
        "at another moment": (
            "INSERT INTO qualification SELECT round_id, 11, '2024-01-01 00:00:00.000000', 1 FROM qualification LIMIT 1",
            "qualification of round 3",
        ),
        "somebody else": ("UPDATE qualification SET entry_id = 11 WHERE entry_id = (SELECT max(entry_id) FROM qualification)",
                          "qualification of round 3"),
        "gone": ("DELETE FROM qualification", "qualification of round 3"),
    },
    "entry": {
        "name": ("UPDATE entry SET full_name = 'Người Khác' WHERE id = 2", "entry 2"),
        "unit or place": ("UPDATE entry SET belongs_to = 'Khác' WHERE id = 2", "entry 2"),
        "unit": ("UPDATE entry SET org_unit_id = 1 WHERE org_unit_id = 2 AND id = 8", "entry 8"),
        "birth date": ("UPDATE entry SET birth_date = '2000-01-01' WHERE id = 2", "entry 2"),
        "person": ("UPDATE entry SET account_id = 1 WHERE id = 2", "entry 2"),
        "registered earlier": ("UPDATE entry SET registered_at = '2020-01-01 00:00:00.000000' WHERE id = 2", "entry 2"),
        "gone": ("DELETE FROM entry WHERE id = 2", "entry 2"),
    },
    "rule_version": {
        "rules": ("UPDATE rule_version SET rules = json_set(rules, '$.contest.minutes', 99) WHERE contest_id = 2 AND number = 2",
                  "rule_version 2 of contest 2"),
        "first rules": ("UPDATE rule_version SET rules = json_set(rules, '$.title', 'x') WHERE contest_id = 2 AND number = 1",
                        "rule_version 1 of contest 2"),
        "changes": ("UPDATE rule_version SET changes = '[]' WHERE number = 2", "rule_version 2 of contest 2"),
        "told nobody": ("UPDATE rule_version SET is_harmless = 1 WHERE number = 2", "rule_version 2 of contest 2"),
        "why": ("UPDATE rule_version SET why = 'x' WHERE number = 2", "rule_version 2 of contest 2"),
        "gone": ("DELETE FROM rule_version WHERE number = 2", "rule_version 2 of contest 2"),
        "first gone": ("DELETE FROM rule_version WHERE contest_id = 1", "rule_version 1 of contest 1"),
        "added": (
            "INSERT INTO rule_version (contest_id, number, rules, changes, is_harmless, why, made_at) "
            "SELECT contest_id, 2, rules, changes, 1, '', made_at FROM rule_version WHERE contest_id = 1",
            "rule_version 2 of contest 1",
        ),
    },
    "attempt": {
        "score": (f"UPDATE attempt SET score = score - 1 WHERE id = {ATTEMPT}", "attempt"),
        "responses": (f"UPDATE attempt SET responses = '{{\"a\":{{}},\"f\":[],\"p\":1,\"t\":{{}}}}' WHERE id = {ATTEMPT}", "attempt"),
        "time": (f"UPDATE attempt SET elapsed_ms = 1000 WHERE id = {ATTEMPT}", "attempt"),
        "prediction": (f"UPDATE attempt SET prediction = 99 WHERE id = {ATTEMPT}", "attempt"),
        "seed": (f"UPDATE attempt SET seed = '1' WHERE id = {ATTEMPT}", "attempt"),
        "paper": (f"UPDATE attempt SET paper = '[]' WHERE id = {ATTEMPT}", "attempt"),
        "ruling": (f"UPDATE attempt SET ruling = 9, score = score - 1 WHERE id = {ATTEMPT}", "attempt"),
        "annulled one": ("UPDATE attempt SET elapsed_ms = 1 WHERE id = (SELECT min(attempt_id) FROM annulment)", "attempt"),
        "points of essays": ("UPDATE attempt SET written = 20 WHERE id = (SELECT max(id) FROM attempt WHERE written > 0)", "attempt"),
        "essay": (
            "UPDATE attempt SET responses = json_set(responses, '$.e.\"4\"', 'Khác.') "
            "WHERE id = (SELECT max(id) FROM attempt WHERE essays > 0)",
            "attempt",
        ),
        "gone": (f"DELETE FROM attempt WHERE id = {ATTEMPT}", "attempt"),
        "all gone": ("DELETE FROM attempt WHERE entry_id = (SELECT max(entry_id) FROM attempt)", "entry"),
        "nonsense": (f"UPDATE attempt SET responses = 'x' WHERE id = {ATTEMPT}", "ranking 1"),
    },
    "annulment": {
        "reason": ("UPDATE annulment SET reason = 'khác' WHERE id = 1", "annulment of attempt"),
        "moment": ("UPDATE annulment SET annulled_at = '2024-01-01 00:00:00.000000' WHERE id = 1", "annulment of attempt"),
        "by somebody else": ("UPDATE annulment SET annulled_by_id = 1 WHERE id = 1", "annulment of attempt"),
        "restored": (
            "UPDATE annulment SET restored_at = annulled_at, restored_by_id = annulled_by_id WHERE id = 1",
            "annulment of attempt",
        ),
        "not restored": (
            "UPDATE annulment SET restored_at = NULL, restored_by_id = NULL WHERE restored_at IS NOT NULL", "annulment of attempt",
        ),
        "added": (
            "INSERT INTO annulment (attempt_id, reason, annulled_at, annulled_by_id, restore_reason) "
            f"SELECT {ATTEMPT}, reason, annulled_at, annulled_by_id, '' FROM annulment LIMIT 1",
            "annulment of attempt",
        ),
        "gone": ("DELETE FROM annulment WHERE id = 1", "annulment of attempt"),
    },
    "verdict": {
        "ruling": ("UPDATE verdict SET ruling = 'keep' WHERE ruling = 'identity'", "verdict on attempt"),
        "reason": ("UPDATE verdict SET reason = 'x' WHERE state = 'given'", "verdict on attempt"),
        "second": ("UPDATE verdict SET second_reason = 'x' WHERE state = 'confirmed'", "verdict on attempt"),
        "declined": ("UPDATE verdict SET state = 'confirmed' WHERE state = 'declined'", "verdict on attempt"),
        "gone": ("DELETE FROM verdict WHERE ruling = 'keep'", "verdict on attempt"),
        "added": (
            "INSERT INTO verdict (attempt_id, ruling, state, reason, judge_id, given_at, second_reason) "
            f"SELECT {ATTEMPT}, 'keep', 'given', reason, judge_id, given_at, '' FROM verdict LIMIT 1",
            "verdict on attempt",
        ),
    },
    "attempt_note": {
        "text": ("UPDATE attempt_note SET text = 'Khác.'", "attempt_note 1"),
        "gone": ("DELETE FROM attempt_note", "attempt_note 1"),
        "added": (
            "INSERT INTO attempt_note (attempt_id, text, judge_id, written_at) "
            "SELECT attempt_id, 'x', judge_id, written_at FROM attempt_note",
            "attempt_note 2",
        ),
    },
    "identity_check": {
        "result": ("UPDATE identity_check SET result = 'refuted'", "identity_check"),
        "note": ("UPDATE identity_check SET note = 'x'", "identity_check"),
        "not asked": ("UPDATE identity_check SET asked_at = NULL", "identity_check"),
        "gone": ("DELETE FROM identity_check", "identity_check"),
    },
    "essay_mark": {
        "points": ("UPDATE essay_mark SET points = points + 1 WHERE id = 1", "essay_mark of attempt"),
        "note": ("UPDATE essay_mark SET note = 'x' WHERE id = 1", "essay_mark of attempt"),
        "gone": ("DELETE FROM essay_mark WHERE id = 1", "essay_mark of attempt"),
    },
    "essay_panel": {
        "judges": ("UPDATE essay_panel SET judges = '[1]'", "essay_panel 1"),
        "seed": ("UPDATE essay_panel SET seed = 'ff'", "essay_panel 1"),
        "gone": ("DELETE FROM essay_panel", "essay_panel of round 2"),
    },
    "essay_task": {
        "points": (f"UPDATE essay_task SET points = 1 WHERE id = {TASK}", "essay_task"),
        "judge": (f"UPDATE essay_task SET judge_id = 1 WHERE id = {TASK}", "essay_task"),
        "essay": (f"UPDATE essay_task SET attempt_id = {ATTEMPT} WHERE id = {TASK}", "essay_task"),
        "third gone": ("DELETE FROM essay_task WHERE slot = 3", "essay_task"),
        "gone": ("DELETE FROM essay_task WHERE id = 1", "essay_task"),
        "added": (
            "INSERT INTO essay_task (attempt_id, question, slot, decides, paper, judge_id, assigned_at, parts, note) "
            "SELECT attempt_id, 99, 1, 0, 'KHAC', judge_id, '2024-01-01 00:00:00.000000', '[]', '' FROM essay_task LIMIT 1",
            "essay_task",
        ),
    },
    "key_ruling": {
        "keys": ("UPDATE key_ruling SET keys = '[[4]]' WHERE id = 1", "key_ruling 1"),
        "why": ("UPDATE key_ruling SET why = 'x' WHERE id = 1", "key_ruling 1"),
        "confirmed by somebody else": ("UPDATE key_ruling SET confirmed_by_id = 1 WHERE id = 1", "key_ruling 1"),
        "a proposal": ("UPDATE key_ruling SET keys = '[[4]]' WHERE withdrawn_at IS NOT NULL", "key_ruling 2"),
        "not withdrawn": ("UPDATE key_ruling SET withdrawn_at = NULL WHERE id = 2", "key_ruling 2"),
        "counts": ("UPDATE key_ruling SET counts = '{\"up\":0,\"down\":0}' WHERE id = 3", "key_ruling 3"),
        "gone": ("DELETE FROM key_ruling WHERE id = 1", "key_ruling 1"),
    },
    "remark": {
        "before": ("UPDATE remark SET score_before = 99 WHERE ruling_id = 3", "remark of attempt"),
        "after": ("UPDATE remark SET score_after = 99 WHERE ruling_id = 3", "remark of attempt"),
        "gone": ("DELETE FROM remark WHERE attempt_id = (SELECT max(attempt_id) FROM remark)", "remark of key_ruling 3"),
    },
    "ranking": {
        "digest": ("UPDATE ranking SET digest = 'ff' WHERE id = 1", "ranking 1"),
        "people": ("UPDATE ranking SET people = 99 WHERE id = 1", "ranking 1"),
        "chain": ("UPDATE ranking SET chain = '[\"score\"]' WHERE id = 1", "ranking 1"),
        "participation": ("UPDATE ranking SET participation = '[[1,99]]' WHERE id = 2", "ranking 2"),
        "basis": ("UPDATE ranking SET basis = 'x' WHERE id = 1", "ranking 1"),
        "form": ("UPDATE ranking SET form = 1 WHERE id = 1", "ranking 1"),
        "not published": ("UPDATE ranking SET published_at = NULL, published_by_id = NULL WHERE id = 1", "ranking 1"),
        "gone": ("DELETE FROM ranking WHERE id = 1", "ranking 1"),
        "added": (
            "INSERT INTO ranking (division_id, number, made_at, basis, chain, people, attempts, participation, digest, form) "
            "SELECT division_id, 9, made_at, basis, chain, people, attempts, participation, digest, form FROM ranking LIMIT 1",
            "ranking 3",
        ),
    },
    "standing_page": {
        "places": ("UPDATE standing_page SET number = number + 1 WHERE ranking_id = 1", "standing_page of ranking 1"),
        "a byte": ("UPDATE standing_page SET records = records || x'00' WHERE ranking_id = 1", "ranking 1"),
        "gone": ("DELETE FROM standing_page WHERE ranking_id = 2", "standing_page of ranking 2"),
    },
    "standing_index": {
        "gone": ("DELETE FROM standing_index WHERE ranking_id = 1", "standing_index of ranking 1"),
        "moved": ("UPDATE standing_index SET first_entry = 99 WHERE ranking_id = 1", "standing_index of ranking 1"),
    },
    "truth": {
        "value": ("UPDATE truth SET value = value + 1", "truth 1"),
        "definition": ("UPDATE truth SET definition = 'x'", "truth 1"),
        "query": ("UPDATE truth SET query = 'SELECT 7'", "truth 1"),
        "gone": ("DELETE FROM truth", "truth 1"),
        "added": (
            "INSERT INTO truth (contest_id, scope, number, target, value, definition, query, basis, counted_at, counted_by_id) "
            "SELECT contest_id, 0, 2, target, value, definition, query, basis, counted_at, counted_by_id FROM truth",
            "truth 2",
        ),
    },
    "sheet_proof": {
        "root": ("UPDATE sheet_proof SET root = 'ff' WHERE ranking_id = 1", "sheet_proof 1"),
        "salt": ("UPDATE sheet_proof SET salt = '00' WHERE ranking_id = 1", "attempt"),
        "head": ("UPDATE sheet_proof SET journal_hash = 'ff' WHERE ranking_id = 1", "sheet_proof 1"),
        "earlier head": (
            "UPDATE sheet_proof SET journal_seq = 1, journal_hash = (SELECT hash FROM journal WHERE seq = 1) WHERE ranking_id = 1",
            "sheet_proof 1",
        ),
        "gone": ("DELETE FROM sheet_proof WHERE ranking_id = 1", "sheet_proof 1"),
    },
    "proof_page": {
        "gone": ("DELETE FROM proof_page WHERE ranking_id = 1 AND level = 1", "proof_page of ranking 1"),
        "identities": ("DELETE FROM proof_page WHERE ranking_id = 1 AND level = -2", "proof_page of ranking 1"),
        "a leaf": ("UPDATE proof_page SET content = zeroblob(length(content)) WHERE ranking_id = 1 AND level = 0", "proof_page of ranking 1"),
    },
    "sheet_signature": {
        "stance": ("UPDATE sheet_signature SET stance = 'signed' WHERE stance = 'declined'", "sheet_signature of judge"),
        "digest": ("UPDATE sheet_signature SET digest = 'ff' WHERE id = 1", "sheet_signature of judge"),
        "note": ("UPDATE sheet_signature SET note = 'x' WHERE stance = 'declined'", "sheet_signature of judge"),
        "not withdrawn": ("UPDATE sheet_signature SET withdrawn_at = NULL WHERE withdrawn_at IS NOT NULL", "sheet_signature of judge"),
        "gone": ("DELETE FROM sheet_signature WHERE id = 1", "sheet_signature of judge"),
        "added": (
            "INSERT INTO sheet_signature (ranking_id, judge_id, stance, digest, note, signed_at, withdraw_why) "
            "SELECT 1, judge_id, stance, digest, note, signed_at, '' FROM sheet_signature LIMIT 1",
            "sheet_signature of judge",
        ),
    },
    "lot_notice": {
        "source": ("UPDATE lot_notice SET source = 'khác' WHERE id = 1", "lot_notice 1"),
        "moment": ("UPDATE lot_notice SET announced_at = '2030-01-01 00:00:00.000000' WHERE id = 1", "lot_notice 1"),
        "gone": ("DELETE FROM lot_notice WHERE id = 1", "lot_notice of ranking 1"),
    },
    "lot": {
        "seed": ("UPDATE lot SET seed = 'khác' WHERE id = 1", "lot 1"),
        "order": ("UPDATE lot SET entries = '[9, 8]' WHERE id = 1", "lot 1"),
        "lucky": ("UPDATE lot SET entries = '[9]' WHERE kind = 'lucky'", "lot 2"),
        "gone": ("DELETE FROM lot WHERE id = 1", "lot of ranking 1"),
    },
    "public_file": {
        "bytes": ("UPDATE public_file SET content = content || x'00'", "public_file 1"),
        "digest": ("UPDATE public_file SET digest = 'ff'", "public_file 1"),
        "of another sheet": ("UPDATE public_file SET ranking_id = 2", "public_file 2"),
    },
    "unit_sheet": {
        "rules": ("UPDATE unit_sheet SET rules = json_set(rules, '$.name', 'Khác')", "unit_standing of unit_sheet 1"),
        "prizes": ("UPDATE unit_sheet SET tier_names = '{}'", "unit_sheet 1"),
        "basis": ("UPDATE unit_sheet SET basis = '{}'", "unit_sheet 1"),
        "day": ("UPDATE unit_sheet SET counted_on = '2020-01-01'", "unit_sheet 1"),
        "not published": ("UPDATE unit_sheet SET published_at = NULL, published_by_id = NULL", "unit_sheet 1"),
        "gone": ("DELETE FROM unit_sheet", "unit_sheet 1"),
    },
    "unit_standing": {
        "value": ("UPDATE unit_standing SET value = '99' WHERE position = 1", "unit_standing of unit_sheet 1"),
        "name": ("UPDATE unit_standing SET name = 'x' WHERE position = 1", "unit_standing of unit_sheet 1"),
        "prize": ("UPDATE unit_standing SET prize = '' WHERE position = 1", "unit_standing of unit_sheet 1"),
        "gone": ("DELETE FROM unit_standing WHERE position = 2", "unit_standing of unit_sheet 1"),
    },
    "unit_quality": {
        "points": ("UPDATE unit_quality SET points = 99 WHERE id = 1", "unit_quality of unit"),
        "note": ("UPDATE unit_quality SET note = 'x' WHERE id = 1", "unit_quality of unit"),
        "gone": ("DELETE FROM unit_quality WHERE number = 2", "unit_quality of unit"),
        "added": (
            "INSERT INTO unit_quality (contest_id, scope, code, unit_id, number, points, note, given_at, given_by_id) "
            "SELECT contest_id, scope, code, unit_id, 9, 100, '', given_at, given_by_id FROM unit_quality LIMIT 1",
            "unit_quality of unit",
        ),
    },
    "decision": {
        "number": ("UPDATE decision SET number = '46/QĐ-BTC' WHERE id = 1", "decision 1"),
        "signer": ("UPDATE decision SET signer_name = 'Người Khác' WHERE id = 1", "decision 1"),
        "organization": ("UPDATE decision SET organization = 'Khác' WHERE id = 2", "decision 2"),
        "kind of paper": ("UPDATE decision SET template = 'commendation' WHERE id = 1", "decision 1"),
        "gone": ("DELETE FROM decision WHERE id = 1", "decision 1"),
        "added": (
            "INSERT INTO decision (contest_id, ranking_id, number, signed_on, place_name, signer_name, signer_title, "
            "organization, template, made_at, made_by_id) SELECT 2, 2, number, signed_on, place_name, signer_name, signer_title, "
            "organization, template, made_at, made_by_id FROM decision LIMIT 1",
            "decision 3",
        ),
    },
    "award": {
        "place": ("UPDATE award SET place = 9 WHERE id = 2", "award 2"),
        "amount": ("UPDATE award SET amount = 9 WHERE id = 1", "award 1"),
        "gone": ("DELETE FROM award WHERE id = 1", "award 1"),
        "added": (
            "INSERT INTO award (decision_id, entry_id, position, place, tier, tier_name, amount) "
            "SELECT decision_id, 11, 9, 1, tier, tier_name, amount FROM award LIMIT 1",
            "award 7",
        ),
    },
    "certificate": {
        "code": ("UPDATE certificate SET code = 'KHAC' WHERE id = 1", "certificate 1"),
        "name": ("UPDATE certificate SET name = 'Khác' WHERE id = 1", "certificate 1"),
        "searched name": ("UPDATE certificate SET name_folded = 'khac' WHERE id = 1", "certificate 1"),
        "printed": ("UPDATE certificate SET printed = json_set(printed, '$.prize', 'Giải Nhất') WHERE id = 2", "certificate 2"),
        "revoked": (
            "UPDATE certificate SET revoked_at = issued_at, revoke_cause = 'other', revoke_reason = 'x' WHERE id = 1", "certificate 1",
        ),
        "why revoked": ("UPDATE certificate SET revoke_reason = 'x' WHERE revoked_at IS NOT NULL", "certificate"),
        "revoked by": ("UPDATE certificate SET revoke_decision = 'x' WHERE revoked_at IS NOT NULL", "certificate"),
        "valid again": (
            "UPDATE certificate SET revoked_at = NULL, revoke_cause = NULL, revoke_reason = '', revoke_decision = '' "
            "WHERE id = (SELECT max(id) FROM certificate)",
            "certificate 7",
        ),
        "gone": ("DELETE FROM certificate WHERE id = 1", "certificate 1"),
        "added": (
            "INSERT INTO certificate (award_id, code, year, register_number, issued_at, issued_on, name, name_folded, belongs_to, "
            "printed, is_replaced, revoked_at, revoke_cause, revoke_decision, revoke_reason) SELECT award_id, 'X', 2020, 1, issued_at, "
            "issued_on, name, name_folded, belongs_to, printed, 1, revoked_at, revoke_cause, '', 'x' FROM certificate WHERE is_replaced",
            "certificate 8",
        ),
    },
    "print_image": {
        "bytes": ("UPDATE print_image SET content = x'00' WHERE id = 1", "print_image 1"),
        "whose": ("UPDATE print_image SET title = 'x' WHERE id = 1", "print_image 1"),
        "gone": ("DELETE FROM print_image WHERE id = 1", "print_image 1"),
    },
    "print_choice": {
        "another": ("UPDATE print_choice SET signature_id = 1", "print_choice 1"),
        "gone": ("DELETE FROM print_choice", "print_choice 1"),
    },
    "complaint": {
        "text": ("UPDATE complaint SET text = 'Khác.'", "complaint 1"),
        "answer": ("UPDATE complaint SET answer = 'Khác.'", "complaint 1"),
        "outcome": ("UPDATE complaint SET outcome = 'upheld'", "complaint 1"),
        "remedy": ("UPDATE complaint SET remedy = 'x'", "complaint 1"),
        "waits again": ("UPDATE complaint SET answered_at = NULL, answered_by_id = NULL, outcome = NULL", "complaint 1"),
        "assigned": ("UPDATE complaint SET assigned_to_id = 1", "complaint 1"),
        "gone": ("DELETE FROM complaint", "complaint 1"),
        "added": (
            "INSERT INTO complaint (code, year, number, entry_id, attempt_id, about, question, text, filed_at, due_at, answer, remedy) "
            "SELECT 'X', 2020, 1, entry_id, attempt_id, 'attempt', 0, 'x', filed_at, due_at, '', '' FROM complaint",
            "complaint 2",
        ),
    },
    "journal": {
        "reason": ("UPDATE journal SET reason = 'khác' WHERE seq = 2", "journal 2"),
        "hash": ("UPDATE journal SET hash = 'ff' WHERE seq = 2", "journal 2"),
        "nonsense": ("UPDATE journal SET after = 'x' WHERE seq = 2", "journal 2"),
        "gone": ("DELETE FROM journal WHERE seq = 2", "journal 2"),
        "cut": ("DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)", "journal"),
    },
    "journal_head": {
        "hash": ("UPDATE journal_head SET hash = 'ff'", "journal"),
        "number": ("UPDATE journal_head SET seq = seq + 1", "journal"),
    },
}  # fmt: skip

LISTS = "a list of what waits to be done; whatever is done leaves rows of its own"
COUNTED = "counted from attempts, which are sealed; counting again mends it, and nothing is decided by it"
STORIES = "what people write and publish of exemplars and movements, and mend; nothing of a contest is decided by it"
PRACTICE = "practice decides nothing"
VOTES = "has its cases in test_vote_records.py"
NOMINATED = "journalled step by step, but not held against the journal: what the council has decided is, with its votes"
BEFORE = "decides what a pool may take; the pool itself is sealed at the opening, with what its items say"
LIVE = "the provisional board, made from attempts and made anew at will; results are the sheets"

EXEMPT: dict[str, str] = {
    "account": "people change their own data; the identity that counts in a contest is frozen in the entry",
    "unit_import_draft": "an upload that waits for a decision",
    "letter": LISTS,
    "letter_mark": LISTS,
    "legal_document": BEFORE,
    "provision": BEFORE,
    "law_change": BEFORE,
    "law_check": BEFORE,
    "bank": BEFORE,
    "item": BEFORE,
    "item_comment": "talk among people in office, which decides nothing",
    "item_figures": COUNTED,
    "import_draft": "an upload that waits for a decision",
    "import_row": "an upload that waits for a decision",
    "item_story": BEFORE,
    "movement": STORIES,
    "exemplar": STORIES,
    "exemplar_movement": STORIES,
    "story_picture": STORIES,
    "story_provision": STORIES,
    "story_reach": STORIES,
    "post": STORIES,
    "post_exemplar": STORIES,
    "contest_story": STORIES,
    "contest_movement": STORIES,
    "story_file": "posters and cards, made anew from the stories",
    "council_vote": VOTES,
    "vote_paper": VOTES,
    "ballot_box": VOTES,
    "open_ballot": VOTES,
    "council_seat": NOMINATED,
    "vote_conflict": NOMINATED,
    "vote_turnout": NOMINATED,
    "quarter": NOMINATED,
    "quarter_unit": NOMINATED,
    "unit_head": NOMINATED,
    "nomination": NOMINATED,
    "nomination_step": NOMINATED,
    "nomination_comment": NOMINATED,
    "nomination_evidence": NOMINATED,
    "nomination_reminder": LISTS,
    "practice_bank": PRACTICE,
    "practice_card": PRACTICE,
    "practice_use": PRACTICE,
    "rule_notice": "what somebody has read",
    "attempt_news": LISTS,
    "flag": COUNTED,
    "flag_attempt": "which flags a verdict answered; the verdict itself is checked",
    "flag_run": COUNTED,
    "board": LIVE,
    "board_entry": LIVE,
    "board_place": LIVE,
    "board_unit_place": LIVE,
    "board_bucket": LIVE,
    "lease": LISTS,
    "print_file": "made from the register and thrown away after days; a paper is verified by the register, not by its file",
    "paper_figures": COUNTED,
    "contest_figures": COUNTED,
    "job": LISTS,
    "chore": LISTS,
}  # fmt: skip


@pytest.fixture(scope="module")
def built(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, Path, Path]:
    """The application, the file that it reads, and the file of the finished contests to be copied there."""
    folder = tmp_path_factory.mktemp("tampering")
    path, whole = folder / "read.sqlite3", folder / "whole.sqlite3"
    shutil.copy(sqlite_template, path)
    clock = HandClock()
    app = create_app(settings_for(f"sqlite:///{path}"), clock)
    full_contests(Given(app, clock), clock)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode = DELETE")
        for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            file.execute(f"DROP TRIGGER {name}")  # whoever has the file is not held by its guards
    shutil.copy(path, whole)
    return app, path, whole


def found_after(built: tuple[Flask, Path, Path], statement: str, named: str = "") -> list[str]:
    """What the check names after a change, up to the first line that begins with what it should name."""
    app, path, whole = built
    shutil.copy(whole, path)
    with closing(sqlite3.connect(path)) as file:
        if statement:
            assert file.execute(statement).rowcount > 0, statement
        file.commit()
    for kept in ("banks.faces", "contests.candidates", "contests.pool_ids"):  # what the application remembers of before
        app.extensions.pop(kept, None)
    with app.app_context():
        try:
            found = []
            for line in record_check.faults():
                found.append(line)
                if named and names(line, named):
                    break
            return found
        finally:
            db.session.remove()
            db.engine.dispose()


def names(line: str, named: str) -> bool:
    return line.startswith((f"{named} ", f"{named}:", f"{named},"))


def test_nothing_is_named_where_nobody_has_changed_anything(built):
    assert found_after(built, "") == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_nothing_is_named_on_the_other_database_either(app, given, clock):
    full_contests(given, clock)
    with app.app_context():
        assert list(record_check.faults()) == []


# what the journal did not tell of before it told of every row, by deed: parts of `after`, and whole records
UNTOLD = {
    "contest.opened": ("seals", "items", "summary", "rules_number"), "rules.changed": ("digest",),
    "units.imported": ("units", "headcounts"), "essay.panel_set": ("seed",), "essay.assigned": ("lots",),
    "essay.alarmed": ("lots",), "truth.frozen": ("basis",), "sheet.made": ("basis", "participation"),
    "sheet.proved": ("identities",), "lot.drawn": ("urn_sha256",), "unit_sheet.made": ("seal",),
    "unit_sheet.published": ("seal",), "prizes.awarded": ("digests",), "certificate.reissued": ("digest",),
}  # fmt: skip
UNRECORDED = ("attempt.noted", "complaint.filed")


def test_rows_of_before_are_held_against_what_was_told_then(built):
    """The journal as earlier versions of the product would have written it: nothing is named, and what it told is still held."""
    app, path, _whole = built
    assert found_after(built, "DELETE FROM proof_page WHERE level = -2") != []
    with app.app_context(), transaction():
        previous = journal.GENESIS
        for record in db.session.scalars(select(JournalRecord).order_by(JournalRecord.seq)):
            if record.action in UNRECORDED:
                record.action, record.subject, record.after = "law.added", "legal_documents", None
            elif record.action in UNTOLD:
                record.after = {n: v for n, v in record.after.items() if n not in UNTOLD[record.action]}
            record.previous_hash = previous
            previous = record.hash = journal.digest(record)
            db.session.flush()
        db.session.get_one(JournalHead, 1).hash = previous
        for proof in db.session.scalars(select(SheetProof)):
            proof.journal_hash = db.session.get_one(JournalRecord, proof.journal_seq).hash
    with app.app_context():
        assert list(record_check.faults()) == []
        db.session.remove()
        db.engine.dispose()
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE complaint SET answer = 'Khác.'")
        file.execute("UPDATE contest SET title = 'Khác' WHERE id = 2")
        file.execute("UPDATE verdict SET reason = 'x' WHERE ruling = 'keep'")
        file.commit()
    with app.app_context():
        found = list(record_check.faults())
        assert [line.partition(":")[0].rstrip("0123456789 ") for line in found] == [
            "contest",
            "verdict on attempt",
            "complaint",
        ]
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("table", CASES)
def test_whoever_changes_a_row_is_named(built, table):
    missed = {}
    for what, (statement, named) in CASES[table].items():
        found = found_after(built, statement, named)
        if not any(names(line, named) for line in found):
            missed[what] = found
    assert missed == {}


def test_every_table_has_a_case_or_a_reason_to_have_none():
    """The next table must find its place here: can a row of it be changed unseen, and what does that decide?"""
    tables = set(db.metadata.tables)
    assert tables - CASES.keys() - EXEMPT.keys() == set()
    assert CASES.keys() <= tables
    assert not CASES.keys() & EXEMPT.keys()
    assert all(EXEMPT.values())


def test_both_contests_stand_up_to_the_verifier(built):
    app, _path, _whole = built
    assert found_after(built, "") == []
    with app.app_context():
        first, second = (checked(ranking_id) for ranking_id in (1, 2))
        db.session.remove()
        db.engine.dispose()
    assert first["truth"] == first["lots"] == "ok"  # among those who share a place
    assert second["lots"] == "ok"  # among those without a prize


def test_a_file_for_strangers_that_was_forged_whole_is_found_by_the_verifier(built):
    """The bytes and their digest are changed together: what is published is held against itself and against the root."""
    _app, path, _whole = built
    assert found_after(built, "") == []
    with closing(sqlite3.connect(path)) as file:
        (content,) = file.execute("SELECT content FROM public_file").fetchone()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert {f.state for f in verification.check(files)} == {"ok"}
    lines = files["attempts.jsonl"].splitlines()
    row = json.loads(lines[0])
    row[0][8] -= 1000
    lines[0] = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()
    forged = files | {"attempts.jsonl": b"\n".join(lines) + b"\n"}
    assert "answers" in {f.subject for f in verification.check(forged) if f.state == "bad"}
