"""Why a step of a nomination or of a vote is refused. refusals.py gives the sentences."""

from __future__ import annotations

import enum


class QuarterRefusal(enum.Enum):
    OPENED_ALREADY = "opened_already"
    NO_UNITS = "no_units"
    STEPS_OUT_OF_ORDER = "steps_out_of_order"
    UNIT_HAS_NOMINATIONS = "unit_has_nominations"
    NOBODY_TO_REMIND = "nobody_to_remind"
    HEAD_NAMED_ALREADY = "head_named_already"
    NO_SUCH_PERSON = "no_such_person"


class NominationRefusal(enum.Enum):
    UNIT_NOT_ASKED = "unit_not_asked"
    TOO_LATE = "too_late"
    MOVED_ON = "moved_on"
    EDITED_MEANWHILE = "edited_meanwhile"
    NOT_WITH_UNIT = "not_with_unit"
    TOO_MANY_WORDS = "too_many_words"
    NO_SUMMARY = "no_summary"
    NO_ACHIEVEMENTS = "no_achievements"
    NO_CONSENT = "no_consent"
    NO_HEAD = "no_head"
    OWN_WORK = "own_work"
    TERM_PASSED = "term_passed"
    REPEAT_NEEDS_REASON = "repeat_needs_reason"
    CANNOT_MERGE_INTO = "cannot_merge_into"
    NOTHING_TO_COMMENT = "nothing_to_comment"
    NOTHING_CHOSEN = "nothing_chosen"
    NOTHING_RECOMMENDED = "nothing_recommended"


class EvidenceRefusal(enum.Enum):
    EMPTY = "empty"
    TOO_MANY = "too_many"
    PDF_TOO_LARGE = "pdf_too_large"
    NOT_A_PDF = "not_a_pdf"
    SAME_FILE = "same_file"


class CommentRefusal(enum.Enum):
    CLOSED = "closed"
    TOO_MANY = "too_many"


class VoteRefusal(enum.Enum):
    NOTHING_TO_VOTE_ON = "nothing_to_vote_on"
    COMMENTS_STILL_RUN = "comments_still_run"
    OPEN_ALREADY = "open_already"
    TOO_FEW_MEMBERS = "too_few_members"
    NOT_OF_THE_COUNCIL = "not_of_the_council"
    CLOSES_TOO_SOON = "closes_too_soon"
    NOBODY_FREE = "nobody_free"
    TOO_FEW_FOR_SECRET = "too_few_for_secret"
    OVER = "over"
    NOT_OVER = "not_over"
    NO_SEAT = "no_seat"
    ALL_IN_CONFLICT = "all_in_conflict"
    INCOMPLETE = "incomplete"
    WRONG_CODE = "wrong_code"
    BAD_CODE = "bad_code"
    CONFLICT_AFTER_VOTE = "conflict_after_vote"
    CONFLICT_ALREADY = "conflict_already"
