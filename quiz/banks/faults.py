"""What can be wrong with items and with the files they come in. Each fault has a sentence in fault_sentences.py."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


class Fault(enum.Enum):
    # of the wording itself
    NO_STEM = "no_stem"
    TOO_FEW_OPTIONS = "too_few_options"
    TOO_MANY_OPTIONS = "too_many_options"
    SAME_OPTION_TWICE = "same_option_twice"
    NO_KEY = "no_key"
    TWO_KEYS = "two_keys"
    KEY_NAMES_NO_OPTION = "key_names_no_option"
    ONE_KEY_OF_SEVERAL = "one_key_of_several"
    ALL_ARE_KEYS = "all_are_keys"
    TOO_LONG = "too_long"
    UNKNOWN_TOPIC = "unknown_topic"
    UNKNOWN_LEVEL = "unknown_level"
    ENDS_BEFORE_START = "ends_before_start"
    NO_ACCEPTED = "no_accepted"
    SAME_ACCEPTED_TWICE = "same_accepted_twice"
    NOT_A_NUMBER = "not_a_number"
    TOO_FEW_THINGS = "too_few_things"
    TOO_FEW_PAIRS = "too_few_pairs"
    TOO_MANY_PAIRS = "too_many_pairs"
    LEFT_WITHOUT_MATCH = "left_without_match"
    BAD_WORD_LIMIT = "bad_word_limit"
    IMAGE_WITHOUT_TEXT = "image_without_text"
    IMAGE_NOT_KEPT = "image_not_kept"
    IMAGE_NOWHERE = "image_nowhere"
    PINNED_BY_WORDS = "pinned_by_words"
    # of what a reader understood
    REPAIRED = "repaired"
    KEYS_DISAGREE = "keys_disagree"
    KEY_UNCERTAIN = "key_uncertain"
    TOPIC_BY_DEFAULT = "topic_by_default"
    # of its code and its likes
    BAD_CODE = "bad_code"
    SAME_CODE_TWICE = "same_code_twice"
    SAME_ITEM_TWICE = "same_item_twice"
    SAME_STEM_TWICE = "same_stem_twice"
    ITEM_IN_BANK = "item_in_bank"
    STEM_IN_BANK = "stem_in_bank"
    NEW_VERSION = "new_version"
    KEY_DIFFERS = "key_differs"
    MUCH_LIKE_ROW = "much_like_row"
    MUCH_LIKE_ITEM = "much_like_item"
    KEPT_BY_PEOPLE = "kept_by_people"
    KEPT_RETIRED = "kept_retired"
    KEPT_DECLINED = "kept_declined"
    # of a table
    NO_TOPIC = "no_topic"
    NO_LEVEL = "no_level"
    UNKNOWN_KIND = "unknown_kind"
    SEVERAL_ASSUMED = "several_assumed"
    OPTION_GAP = "option_gap"
    UNREADABLE_KEY = "unreadable_key"
    AMBIGUOUS_KEY = "ambiguous_key"
    DECIMAL_KEY = "decimal_key"
    TRUE_FALSE_KEY = "true_false_key"
    OPTIONS_NOT_READ = "options_not_read"
    BAD_DAY = "bad_day"
    DAY_BY_EXCEL = "day_by_excel"
    ERROR_CELL = "error_cell"
    UNKNOWN_DOCUMENT = "unknown_document"
    DOCUMENT_EXPIRED = "document_expired"
    DOCUMENT_QUESTIONED = "document_questioned"
    PLACE_WITHOUT_DOCUMENT = "place_without_document"
    UNKNOWN_COLUMN = "unknown_column"
    UNNAMED_COLUMN = "unnamed_column"
    SAME_COLUMN_TWICE = "same_column_twice"
    SHEET_NOT_READ = "sheet_not_read"
    SHEET_HIDDEN = "sheet_hidden"
    HIDDEN_ROW = "hidden_row"
    HEADINGS_AGAIN = "headings_again"
    TITLE_ROW = "title_row"
    MERGED_CELL = "merged_cell"
    FILLED_FROM_MERGED = "filled_from_merged"
    FORMULA_WITHOUT_VALUE = "formula_without_value"
    CELL_NOT_READ = "cell_not_read"
    PICTURE_NOT_READ = "picture_not_read"
    PICTURES_NOT_READ = "pictures_not_read"
    MACROS_NOT_READ = "macros_not_read"
    QUOTES_NOT_CLOSED = "quotes_not_closed"
    # of a YAML file
    CODE_IN_FILE = "code_in_file"
    NOT_YAML = "not_yaml"
    DOUBLED_FIELD = "doubled_field"
    NOT_A_MAPPING = "not_a_mapping"
    UNKNOWN_FIELD = "unknown_field"
    MISSING_FIELD = "missing_field"
    NOT_TEXT = "not_text"
    NO_BANK = "no_bank"
    SEVERAL_BANKS = "several_banks"
    OPTION_LETTERS = "option_letters"
    NOT_IN_LIBRARY = "not_in_library"
    NOBODY_VOUCHES = "nobody_vouches"
    # of GIFT and Aiken
    NO_QUESTION = "no_question"
    UNPAIRED_BRACES = "unpaired_braces"
    BLOCK_TOO_LONG = "block_too_long"
    MARKDOWN_KEPT = "markdown_kept"
    AIKEN_HABITS = "aiken_habits"
    # of files of other learning systems (Moodle XML, QTI)
    KIND_NOT_HELD = "kind_not_held"
    PART_NOT_READ = "part_not_read"
    HTML_CLEANED = "html_cleaned"
    FORMULA_LOST = "formula_lost"
    IMAGE_OUTSIDE = "image_outside"
    IMAGE_NOT_FOUND = "image_not_found"
    IMAGE_NO_PLACE = "image_no_place"
    NOTES_MERGED = "notes_merged"
    NOTES_LEFT_OUT = "notes_left_out"
    LABELS_LEFT_OUT = "labels_left_out"
    CODE_LEFT_OUT = "code_left_out"
    WEIGHTS_EVENED = "weights_evened"
    HALF_RIGHT = "half_right"
    WRONG_COSTS = "wrong_costs"
    CASE_IGNORED = "case_ignored"
    WILDCARD = "wildcard"
    UNITS_LEFT_OUT = "units_left_out"
    SHUFFLED_HERE = "shuffled_here"
    SUBSET_ASKED = "subset_asked"
    # of lines of text, and of Word files
    KEY_TOLD_BY = "key_told_by"
    KEY_FIRST = "key_first"
    MARKS_NOT_A_KEY = "marks_not_a_key"
    TRUTHS_AS_SEVERAL = "truths_as_several"
    ORDER_AS_WRITTEN = "order_as_written"
    NOTE_NOT_READ = "note_not_read"
    NO_NUMBER = "no_number"
    NUMBERS_SKIPPED = "numbers_skipped"
    NUMBERS_DOUBLED = "numbers_doubled"
    TAKEN_AS_EXPLANATION = "taken_as_explanation"
    PICTURES_AT_ONE_PLACE = "pictures_at_one_place"
    PICTURE_NOT_PLACED = "picture_not_placed"
    LOOSE_TEXT = "loose_text"
    LOOSE_PICTURE = "loose_picture"
    FEET_DROPPED = "feet_dropped"
    KEYS_WITHOUT_ITEM = "keys_without_item"
    SOLUTION_WITHOUT_ITEM = "solution_without_item"
    CHANGES_ACCEPTED = "changes_accepted"
    COMMENTS_NOT_READ = "comments_not_read"
    FOOTNOTES_NOT_READ = "footnotes_not_read"
    TEXT_BOXES_READ = "text_boxes_read"
    EQUATIONS_AS_TEXT = "equations_as_text"
    HIDDEN_TEXT_NOT_READ = "hidden_text_not_read"
    LINKED_PICTURES = "linked_pictures"
    MACROS_NOT_RUN = "macros_not_run"
    INSERTED_NOT_READ = "inserted_not_read"


class Severity(enum.StrEnum):
    """The gravest first."""

    KNOWN = "known"  # the bank has it, or people have decided about it: there is nothing to write
    ERROR = "error"  # the item cannot be written
    WARNING = "warning"  # it can; somebody should look
    INFO = "info"  # it can; something was understood for the author


@dataclass(frozen=True, slots=True)
class Problem:
    fault: Fault
    details: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = Severity.ERROR

    def to_json(self) -> list[Any]:
        return [self.fault.name, dict(self.details), self.severity.value]

    @classmethod
    def from_json(cls, value: Sequence[Any]) -> Problem:
        name, details, severity = value
        return cls(Fault[name], details, Severity(severity))
