"""The shipped stories and movements keep to the form and to the rules that their README states."""

import csv
import re
from pathlib import Path

import pytest
import yaml

TOP = Path(__file__).resolve().parent.parent.parent
SHIPPED = TOP / "quiz" / "exemplars" / "shipped"
BANKS = TOP / "question_banks"

STORY_KEYS = {
    "slug", "kind", "name", "title", "summary", "field", "place", "period", "year", "movements", "figures", "sources",
    "provisions", "topics",
}  # fmt: skip
MOVEMENT_KEYS = {"slug", "title", "scope", "launched_by", "started_on", "ended_on", "summary", "body", "sources"}
KINDS = {"person", "group", "event"}
SCOPES = {"national", "province", "department"}
FIELDS = {
    "production", "agriculture", "industry", "defence", "education", "health", "science", "justice", "culture",
    "administration", "history",
}  # fmt: skip
FACT = re.compile(r"[A-Z]{1,4}\d*-\d{2}")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
DAY = re.compile(r"\d{4}(-\d{2}-\d{2})?")
ADDRESS = re.compile(r"https?://\S+")
# rows of history and movements that one source alone tells, or that sources tell differently
DOUBTFUL = (
    "LS-10 LS-17 LS-26 LS-27 LS-31 LS-32 LS-33 LS-34 LS-40 LS-42 LS-43 LS-44 "
    "PT-06 PT-07 PT-08 PT-09 PT-11 PT-12 PT-13 PT-15"
).split()


def read_yaml(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def read_story(path):
    _before, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(front) | {"body": body}


FILES = sorted((SHIPPED / "stories").glob("*.md"))
STORIES = [read_story(path) for path in FILES]
MOVEMENTS = read_yaml(SHIPPED / "movements.yaml")["movements"]
LINKS = read_yaml(SHIPPED / "item_links.yaml")

each_story = pytest.mark.parametrize("story", STORIES, ids=[s["slug"] for s in STORIES])
each_movement = pytest.mark.parametrize("movement", MOVEMENTS, ids=[m["slug"] for m in MOVEMENTS])


def words(text):
    return len(text.split())


def sentences(text):
    """Sentences and headings, each as its words; list entries too. Those under four words (names, dates) say nothing."""
    for line in text.splitlines():
        for part in re.split(r"(?<=[.!?:;])\s+", line):
            said = re.findall(r"\w+", part.lower())
            if len(said) >= 4:
                yield " ".join(said)


def test_there_are_stories_enough():
    assert len(STORIES) >= 12
    assert {s["kind"] for s in STORIES} >= KINDS


def test_the_readme_counts_what_is_there():
    readme = (SHIPPED / "README.md").read_text(encoding="utf-8")
    assert f"{len(MOVEMENTS)} phong trào" in readme
    assert f"{len(STORIES)} câu chuyện" in readme


@pytest.mark.parametrize("things", [STORIES, MOVEMENTS], ids=["stories", "movements"])
def test_slugs_are_unique_and_fit_an_address(things):
    slugs = [t["slug"] for t in things]
    assert len(set(slugs)) == len(slugs)
    assert all(SLUG.fullmatch(slug) and len(slug) <= 80 for slug in slugs)


def test_a_file_is_named_by_its_slug():
    assert [path.stem for path in FILES] == [s["slug"] for s in STORIES]


@each_story
def test_a_story_has_the_form(story):
    assert set(story) - {"body"} == STORY_KEYS
    assert story["kind"] in KINDS
    assert story["field"] in FIELDS
    assert isinstance(story["year"], int)
    assert all(isinstance(story[key], str) for key in ("name", "title", "summary", "place", "period", "topics"))
    assert 0 < len(story["name"]) <= 200
    assert 0 < len(story["title"]) <= 300
    assert 0 < len(story["summary"]) <= 200
    assert len(story["topics"]) <= 500
    assert all(set(f) == {"value", "label"} and f["value"] and f["label"] for f in story["figures"])


@each_story
def test_a_story_is_short_and_plain(story):
    body = story["body"].strip()
    assert 150 <= words(body) <= 450
    assert len(re.findall(r"^##? ", body, re.M)) <= 3
    assert not re.search(r"^# |^###|<|!\[|\]\(", body, re.M)
    # a quotation needs a fact that gives the words themselves; none does so far
    assert not re.search(r"^>", body, re.M)


@each_story
def test_a_story_belongs_to_movements_that_are_here(story):
    assert set(story["movements"]) <= {m["slug"] for m in MOVEMENTS}


@each_story
def test_a_story_names_its_sources(story):
    assert story["sources"]
    seen = [(s["fact"], s["address"]) for s in story["sources"]]
    assert len(set(seen)) == len(seen)
    for source in story["sources"]:
        assert set(source) == {"fact", "title", "publisher", "address"}
        assert FACT.fullmatch(source["fact"])
        assert source["fact"] not in DOUBTFUL
        assert source["title"]
        assert source["publisher"]
        assert source["address"] == "" or ADDRESS.fullmatch(source["address"])


@each_story
def test_the_law_of_a_story_is_in_the_library(story):
    with (BANKS / "van-ban.csv").open(encoding="utf-8", newline="") as file:
        numbers = {row["so_hieu"] for row in csv.DictReader(file)}
    for provision in story["provisions"]:
        assert set(provision) == {"document", "article", "clause", "point"}
        assert all(isinstance(part, str) for part in provision.values())
        assert provision["document"] in numbers
        assert provision["article"] or not (provision["clause"] or provision["point"])


@each_movement
def test_a_movement_has_the_form(movement):
    assert set(movement) == MOVEMENT_KEYS
    assert movement["scope"] in SCOPES
    assert isinstance(movement["launched_by"], str)
    assert 0 < len(movement["title"]) <= 300
    assert 0 < len(movement["summary"]) <= 300
    assert 80 <= words(movement["body"]) <= 250
    for day in (movement["started_on"], movement["ended_on"]):
        assert day is None or DAY.fullmatch(day)
    assert movement["sources"]
    for source in movement["sources"]:
        assert set(source) == {"fact", "note"}
        assert FACT.fullmatch(source["fact"])
        assert source["fact"] not in DOUBTFUL
        assert source["note"]


def test_the_links_lead_from_stories_to_items():
    banks = {read_yaml(path)["bank"]["code"]: path.parent for path in BANKS.glob("*/bank.yaml")}
    items = {
        f"{code}/{item['id']}"
        for code, folder in banks.items()
        for path in folder.glob("*.yaml")
        for item in read_yaml(path).get("items", [])
    }
    assert set(LINKS) <= {s["slug"] for s in STORIES}
    for slug, codes in LINKS.items():
        assert codes, slug
        assert len(set(codes)) == len(codes), slug
        assert set(codes) <= items, slug


def test_no_two_texts_share_a_sentence():
    told = {}
    for text in [*STORIES, *MOVEMENTS]:
        for sentence in set(sentences(f"{text['summary']}\n{text['body']}")):
            told.setdefault(sentence, []).append(text["slug"])
    assert {sentence: slugs for sentence, slugs in told.items() if len(slugs) > 1} == {}
