"""The builder page, as a browser without scripts uses it: every button posts the whole form."""

from __future__ import annotations

from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any

import pytest

from quiz.access import Role
from quiz.contests.forms import NumberField
from quiz.contests.models import Contest
from quiz.contests.rule_set import rule_set
from quiz.db import db
from quiz.forms import Form


class Fields(HTMLParser):
    """What a browser would send of the builder's form; selects, boxes and texts alike."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.inside = False
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        a = dict(attributes)
        name = a.get("name") or ""
        if tag == "form":
            self.inside = "builder" in (a.get("class") or "")
        if not self.inside:
            return
        if tag == "input" and name and (a.get("type") != "checkbox" or "checked" in a):
            self.values.setdefault(name, []).append(a.get("value") or "")
        if tag == "select":
            self.select = name
        if tag == "option" and (self.select not in self.values or "selected" in a):
            self.values[self.select] = [a.get("value") or ""]
        if tag == "textarea":
            self.area = name
            self.values[name] = [""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "select":
            self.select = ""
        if tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.values[self.area] = [self.values[self.area][0] + data.lstrip("\r\n")]


class Builder:
    """One organizer at the builder of one draft."""

    def __init__(self, browser: Any, contest_id: int) -> None:
        self.browser, self.url = browser, f"/to-chuc/cuoc-thi/{contest_id}"
        self.read(browser.get(self.url))

    def read(self, response: Any) -> None:
        self.response = response
        parser = Fields()
        parser.feed(response.text)
        self.values = parser.values

    def press(self, act: str, **typed: str | list[str]) -> Any:
        """Change some fields (`rounds__0__name` is the field rounds-0-name) and press a button."""
        for name, value in typed.items():
            self.values[name.replace("__", "-")] = value if isinstance(value, list) else [value]
        response = self.browser.client.post(self.url, data=self.values | {"act": act})
        if response.status_code != 302:
            self.read(response)
        return response

    def one(self, name: str) -> str:
        return self.values[name][0]


@pytest.fixture
def contest_id(given, clock):
    return given.contest(
        state="draft", prizes=[{"code": "giai-nhat", "name": "Giải Nhất", "quota": 1, "amount": 2_000_000}],
        opens_at=clock.now, closes_at=clock.now.replace(day=25),
    )  # fmt: skip


@pytest.fixture
def builder(given, visit, contest_id):
    return Builder(visit(given.account(Role.ORGANIZER)), contest_id)


@pytest.fixture
def stored(app, contest_id):
    def read():
        with app.app_context():
            return rule_set(db.session.get_one(Contest, contest_id))

    return read


def test_saving_what_was_shown_changes_nothing(builder, stored):
    before = stored()
    assert builder.press("save").status_code == 302
    assert stored() == before


def test_everything_can_be_changed(builder, stored, contest_id, app):
    response = builder.press(
        "preview", title="  Tên mới ", summary="Lời giới thiệu", rules_number="12/TL-BTC", min_age="16",
        divisions__0__name="Bảng Một", divisions__0__audience="staff", divisions__0__cells__0__any_level="",
        divisions__0__cells__0__level_1="2", divisions__0__prizes__0__amount="3.500.000", rounds__0__name="Đợt 1",
        rounds__0__opens_at="2024-12-01T07:00", rounds__0__closes_at="2024-12-05T17:00", minutes="15",
        attempt_limit="", counted="last", late_start="full", grace_s="0", points_per_item="5",
        score_release="after_close", review_release="never", board_release="after_publish", announce_days="7",
        complaint_days="0", **{"law_date-d": "30", "law_date-m": "11", "law_date-y": "2024"},
    )  # fmt: skip
    assert response.headers["Location"].endswith("/xem-truoc")
    rules = stored()
    c, d, r = rules.contest, rules.divisions[0], rules.rounds[0]
    assert (rules.title, rules.law_date, c.min_age, c.minutes, c.attempt_limit) == (
        "Tên mới",
        date(2024, 11, 30),
        16,
        15,
        None,
    )
    assert (c.counted, c.late_start, c.grace_s, c.points_per_item) == ("last", "full", 0, 5)
    assert (c.score_release, c.review_release, c.board_release) == ("after_close", "never", "after_publish")
    assert (c.announce_days, c.complaint_days) == (7, 0)
    assert (d.code, d.name, d.rules.audience, d.rules.prizes[0].amount) == ("bang-1", "Bảng Một", "staff", 3_500_000)
    assert [(cell.level, cell.count) for cell in d.rules.blueprint] == [(1, 2)]
    assert (r.name, r.opens_at, r.closes_at) == (
        "Đợt 1", datetime(2024, 12, 1, 0, tzinfo=UTC), datetime(2024, 12, 5, 10, tzinfo=UTC),
    )  # fmt: skip
    with app.app_context():
        contest = db.session.get_one(Contest, contest_id)
        assert (contest.summary, contest.rules_number) == ("Lời giới thiệu", "12/TL-BTC")


def test_an_empty_law_date_is_the_local_opening_day(builder, stored):
    builder.press(
        "save", rounds__0__opens_at="2024-12-01T00:30", rounds__0__closes_at="2024-12-05T17:00",
        **{"law_date-d": "", "law_date-m": "", "law_date-y": ""},
    )  # fmt: skip
    assert stored().law_date == date(2024, 12, 1)


def test_lines_are_added_and_nothing_typed_is_lost(builder, stored):
    typed = {"title": "Đang gõ dở", "minutes": "không phải số", "rounds__0__closes_at": ""}
    response = builder.press("add:rounds", **typed)
    assert response.status_code == 200
    assert "field-error" not in response.text
    builder.press("add:divisions")
    builder.press("add:divisions-0-prizes")
    builder.press("add:divisions-1-cells")
    assert builder.one("title") == "Đang gõ dở"
    assert builder.one("minutes") == "không phải số"
    assert builder.one("rounds-0-closes_at") == ""
    assert builder.one("rounds-1-name") == "Kỳ 2"
    assert builder.one("divisions-1-name") == "Bảng 2"
    assert builder.one("divisions-1-cells-0-any_level") == "4"  # copied from the division before
    assert builder.one("divisions-1-prizes-0-name") == "Giải Nhất"
    assert "divisions-0-prizes-1-name" in builder.values
    assert "divisions-1-cells-1-topic" in builder.values
    assert len(stored().divisions) == 1


def test_added_lines_are_saved(builder, stored):
    builder.press("add:rounds", rounds__0__opens_at="2024-12-01T07:00", rounds__0__closes_at="2024-12-08T07:00")
    assert builder.one("rounds-1-opens_at") == "2024-12-08T07:00"  # goes on where the last one ends
    builder.press("add:divisions")
    builder.press("add:divisions-0-prizes")
    assert builder.press(
        "save", divisions__0__prizes__1__name="Giải Nhì", divisions__0__prizes__1__quota="2"
    ).status_code == 302  # fmt: skip
    rules = stored()
    assert [d.code for d in rules.divisions] == ["bang-1", "bang-2"]
    assert [(t.code, t.quota, t.amount) for t in rules.divisions[0].rules.prizes] == [
        ("giai-nhat", 1, 2_000_000), ("giai-nhi", 2, 0),
    ]  # fmt: skip
    assert [(r.code, r.name) for r in rules.rounds] == [("ky-1", "Kỳ 1"), ("ky-2", "Kỳ 2")]


def test_lines_are_dropped_from_the_middle(builder, stored):
    for _ in range(2):
        builder.press("add:divisions")
    builder.press("drop:divisions-1")
    assert [name for name in builder.values if name.endswith("-name") and name.count("-") == 2] == [
        "divisions-0-name", "divisions-2-name", "rounds-0-name",
    ]  # fmt: skip
    builder.press("drop:divisions-0-prizes-0")
    assert builder.press("save").status_code == 302
    rules = stored()
    assert [d.name for d in rules.divisions] == ["Bảng chung", "Bảng 3"]
    assert [len(d.rules.prizes) for d in rules.divisions] == [0, 1]


def test_a_bank_fills_the_matrix(builder, given, stored):
    given.bank(8, "them")
    builder.press("add:rounds")
    builder.press("fill:divisions-0-cells", divisions__0__fill="them")
    topics = [v[0] for name, v in builder.values.items() if name.endswith("-topic")]
    assert topics[1:] == ["them|chung", "them|danh-hieu"]
    assert "Quy định chung, có 4 câu" in builder.response.text


class TestChain:
    def chain(self, builder):
        return builder.values["chain"]

    def test_buttons_move_criteria(self, builder, stored):
        assert self.chain(builder) == ["score", "elapsed", "submitted"]
        builder.press("up:chain:2")
        assert self.chain(builder) == ["score", "submitted", "elapsed"]
        builder.press("down:chain:0")
        builder.press("off:chain:2")
        builder.press("on:chain:attempts")
        assert self.chain(builder) == ["submitted", "score", "attempts"]
        builder.press("up:chain:0")  # already first
        builder.press("off:chain:7")  # not there
        builder.press("save")
        assert stored().contest.chain == ("submitted", "score", "attempts")

    def test_a_criterion_is_turned_and_turned_back(self, builder, stored):
        response = builder.press("turn:chain:1")
        assert self.chain(builder) == ["score", "elapsed:more", "submitted"]
        assert "dài hơn xếp trên" in response.text
        assert "on:chain:elapsed" not in response.text  # it is used, whichever way
        builder.press("save")
        assert stored().contest.chain == ("score", "elapsed:more", "submitted")
        builder.press("turn:chain:1")
        assert self.chain(builder) == ["score", "elapsed", "submitted"]

    def test_a_criterion_sent_twice_is_refused_in_words(self, builder):
        response = builder.press("save", chain=["score", "elapsed", "score"])
        assert response.status_code == 422
        assert "Tiêu chí “Điểm” xuất hiện hai lần" in response.text

    def test_an_unknown_criterion_is_dropped(self, builder):
        builder.press("refresh", chain=["score", "luck", "elapsed:less", "elapsed"])
        assert self.chain(builder) == ["score", "elapsed"]

    def test_prediction_and_chain_must_agree(self, builder, stored):
        response = builder.press("save", prediction="people")
        assert response.status_code == 422
        assert "phải có tiêu chí “Dự đoán”" in response.text
        builder.press("on:chain:prediction")
        builder.press("up:chain:3")
        builder.press("up:chain:2")
        assert builder.press("save").status_code == 302
        assert stored().contest.prediction.target == "people"
        assert stored().contest.chain == ("score", "prediction", "elapsed", "submitted")

    def test_an_empty_chain_is_refused(self, builder):
        for _ in range(3):
            builder.press("off:chain:0")
        assert "ít nhất một tiêu chí" in builder.press("save").text


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"title": ""}, "title", "Mục này cần được điền."),
        ({"minutes": "0"}, "minutes", "Hãy nhập số nguyên từ 1 đến 240."),
        ({"minutes": "hai mươi"}, "minutes", "Hãy nhập số nguyên từ 1 đến 240."),
        ({"attempt_limit": "1001"}, "attempt_limit", "Hãy nhập số nguyên từ 1 đến 1.000."),
        ({"divisions__0__name": ""}, "divisions-0-name", "Mục này cần được điền."),
        ({"divisions__0__cells__0__any_level": ""}, "divisions-0-cells", "đang có 0 câu"),
        ({"divisions__0__cells__0__any_level": "-1"}, "divisions-0-cells-0-any_level", "số nguyên từ 0 đến 200"),
        ({"divisions__0__prizes__0__quota": ""}, "divisions-0-prizes-0-quota", "số nguyên từ 1 đến 1.000"),
        ({"rounds__0__opens_at": ""}, "rounds-0-opens_at", "Hãy chọn giờ mở."),
        ({"rounds__0__opens_at": "hôm nay"}, "rounds-0-opens_at", "Ngày giờ chưa đúng"),
        (
            {"rounds__0__opens_at": "2024-12-01T07:00", "rounds__0__closes_at": "2024-12-01T07:00"},
            "rounds-0-closes_at", "Giờ đóng phải sau giờ mở.",
        ),
        ({"law_date__d": "31", "law_date__m": "2"}, "law_date-d", "Ngày này không có trong lịch."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_the_field_and_in_the_summary(builder, stored, typed, field, words):
    before = stored()
    response = builder.press("save", **typed)
    assert response.status_code == 422
    assert f'href="#{field}"' in response.text
    assert words in response.text
    assert response.text.count(words) == 2
    for name, value in typed.items():
        assert builder.one(name.replace("__", "-")) == value
    assert stored() == before


def test_the_summary_names_the_line_that_is_wrong(builder):
    builder.press("add:divisions-0-prizes")
    words = builder.press(
        "save", rounds__0__name="Tuần đầu", rounds__0__closes_at="", divisions__0__name="Nhân dân",
        divisions__0__prizes__1__name="", divisions__0__prizes__1__quota="0",
    ).text  # fmt: skip
    assert "Tuần đầu, Đóng lúc: Hãy chọn giờ đóng." in words
    assert "Nhân dân, Giải mỗi kỳ 2, Số giải: Hãy nhập số nguyên từ 1 đến 1.000." in words
    assert 'id="rounds-0-rieng" open' in words  # what is wrong is never folded away


def test_two_prizes_of_one_name_are_refused(builder):
    builder.press("add:divisions-0-prizes")
    response = builder.press("save", divisions__0__prizes__1__name="giải nhất", divisions__0__prizes__1__quota="1")
    assert "Hai giải trùng tên" in response.text


@pytest.mark.parametrize("part", ["divisions", "rounds"])
def test_two_divisions_or_rounds_of_one_name_are_refused(builder, part):
    builder.press(f"add:{part}")
    response = builder.press("save", **{f"{part}__0__name": "Nhân dân", f"{part}__1__name": " nhân  dân"})
    assert response.status_code == 422
    assert f'href="#{part}-1-name"' in response.text
    assert "Tên này đã dùng cho một mục ở trên." in response.text


def test_dropping_every_division_and_round_is_refused(builder):
    builder.press("drop:divisions-0")
    builder.press("drop:rounds-0")
    response = builder.press("save")
    assert response.status_code == 422
    assert "ít nhất một bảng" in response.text
    assert "ít nhất một kỳ thi" in response.text


def test_checking_saves_nothing(builder, stored):
    response = builder.press("refresh", title="Chưa lưu", attempt_limit="")
    assert response.status_code == 200
    assert "Cuộc thi mang tên “Chưa lưu”." in response.text  # the thể lệ beside the form
    assert "Không giới hạn lượt mà xét thời gian" in response.text
    assert stored().title != "Chưa lưu"


def test_a_bank_too_small_shows_at_the_cell(builder):
    response = builder.press("refresh", divisions__0__cells__0__any_level="9")
    assert "chỉ có 8" in response.text


def test_somebody_else_saved_meanwhile(builder, given, visit, contest_id, stored):
    other = Builder(visit(given.account(Role.ORGANIZER)), contest_id)
    assert other.press("save", title="Của người khác").status_code == 302
    response = builder.press("save", title="Của tôi")
    assert response.status_code == 409
    assert "Người khác vừa lưu bản nháp này" in response.text
    assert builder.one("title") == "Của tôi"
    assert stored().title == "Của người khác"
    assert builder.press("save").status_code == 302
    assert stored().title == "Của tôi"


def test_the_form_of_a_contest_opened_meanwhile_is_refused(builder, app, contest_id, stored):
    with app.app_context():
        contest = db.session.get_one(Contest, contest_id)
        contest.state, contest.opened_at = "open", contest.created_at
        db.session.commit()
    response = builder.press("save", title="Muộn rồi")
    assert response.status_code == 409
    assert "muốn sửa thể lệ phải lập bản mới" in response.text
    assert stored().title != "Muộn rồi"


def test_a_number_of_many_digits_is_out_of_range(app):
    class One(Form):
        number = NumberField(low=0, high=10)

    with app.test_request_context(method="POST", data={"number": "0" * 19 + "5" + "9" * 9}):
        form = One(meta={"csrf": False})
        assert not form.validate()
        assert "từ 0 đến 10" in str(form.number.errors[0])


class TestEveryOption:
    """What the builder can say, beside what most contests leave as it is."""

    def save(self, builder, **typed):
        response = builder.press("save", **typed)
        assert response.status_code == 302, response.text
        builder.read(builder.browser.get(builder.url))

    def test_who_may_enter(self, builder, stored):
        builder.press("add:areas")
        builder.press("add:areas", areas__0__province="80")
        self.save(
            builder, max_age="35", areas__1__province="79", bars_authors="y", bars_relatives="y", barred_roles=["judge"]
        )
        c = stored().contest
        assert (c.max_age, c.areas, c.bars_authors, c.bars_relatives, c.barred_roles) == (
            35,
            (80, 79),
            True,
            True,
            ("judge",),
        )
        assert "Thành phố Hồ Chí Minh" in builder.response.text
        builder.press("drop:areas-0")
        self.save(builder)
        assert stored().contest.areas == (79,)

    def test_limits_points_and_essays(self, builder, stored):
        self.save(
            builder, attempt_limit="2", total_limit="9", week_limit="1", week_weekday="2", week_at="7h30",
            consumed="at_submit", counted="best_earliest", points_1="1", points_2="2", points_3="3", all_or_nothing="y",
            essay_points="50", divisions__0__cells__0__essays="1",
        )  # fmt: skip
        c = stored().contest
        assert (c.attempt_limit, c.total_limit, c.week_limit) == (2, 9, 1)
        assert (c.week_starts.weekday, c.week_starts.at, c.consumed, c.counted) == (
            2,
            "07:30",
            "at_submit",
            "best_earliest",
        )
        assert c.level_points.by_level == {1: 1, 2: 2, 3: 3}
        assert (c.all_or_nothing, c.essay_points) == (True, 50)
        assert [cell.level for cell in stored().divisions[0].rules.blueprint] == [None, 0]
        self.save(builder, points_1="", points_2="", points_3="")
        assert stored().contest.level_points is None

    def test_prediction_and_overall_ranking(self, builder, stored):
        builder.press("on:overall_chain:prediction")
        builder.press("off:overall_chain:1")
        builder.press("add:divisions-0-overall_prizes")
        self.save(
            builder, prediction="attempts", prediction_scope="contest", prediction_placement="after_paper",
            prediction_use="condition", prediction_max_gap="10", overall_how="best",
            divisions__0__overall_prizes__0__name="Giải Đặc biệt", divisions__0__overall_prizes__0__quota="1",
        )  # fmt: skip
        c = stored().contest
        assert c.prediction.model_dump(mode="json") == {
            "target": "attempts", "scope": "contest", "placement": "after_paper", "use": "condition", "max_gap": 10,
        }  # fmt: skip
        assert (c.overall.how, c.overall.chain) == ("best", ("score", "attempts", "prediction"))
        assert [t.name for t in stored().divisions[0].rules.overall_prizes] == ["Giải Đặc biệt"]

    def test_conditions_and_a_lucky_draw(self, builder, stored):
        self.save(
            builder, min_score="3", share_percent="50", prize_all_correct="y", one_per_person="y", one_per_period="y",
            has_lucky="y", lucky_name="Giải vui", lucky_quota="7", lucky_amount="100.000", lucky_among="all_correct",
            lucky_scope="contest",
        )  # fmt: skip
        assert stored().contest.prize_rules.model_dump() == {
            "min_score": 3, "share_percent": 50, "all_correct": True, "one_per_person": True, "one_per_period": True,
        }  # fmt: skip
        assert stored().contest.lucky.model_dump(mode="json") == {
            "name": "Giải vui", "quota": 7, "amount": 100_000, "among": "all_correct", "scope": "contest",
        }  # fmt: skip
        builder.values.pop("has_lucky")
        self.save(builder)
        assert stored().contest.lucky is None

    def test_what_a_round_has_of_its_own(self, builder, stored):
        builder.press("add:rounds", rounds__0__opens_at="2024-12-01T07:00", rounds__0__closes_at="2024-12-08T07:00")
        builder.press("add:rounds-1-papers")
        builder.press("add:rounds-1-own_prizes")
        builder.press("add:rounds-1-own_prizes-0-prizes")
        self.save(
            builder, rounds__0__period="Đợt 1", rounds__0__weekdays=["1", "5"], rounds__0__hours_opens="7:30",
            rounds__0__hours_closes="17", rounds__1__minutes="30", rounds__1__attempt_limit="1",
            rounds__1__admission_rounds=["ky-1"], rounds__1__admission_quota="7",
            rounds__1__papers__0__cells__0__any_level="3", rounds__1__own_prizes__0__prizes__1__name="Giải Nhì",
            rounds__1__own_prizes__0__prizes__1__quota="2", split_pool="y",
        )  # fmt: skip
        one, two = (r.rules for r in stored().rounds)
        assert (one.period, one.hours.weekdays, one.hours.opens, one.hours.closes) == (
            "Đợt 1",
            (1, 5),
            "07:30",
            "17:00",
        )
        assert (two.minutes, two.attempt_limit, two.admission.rounds, two.admission.quota) == (30, 1, ("ky-1",), 7)
        assert [cell.count for cell in two.blueprints["bang-1"]] == [3]
        assert [t.name for t in two.prizes["bang-1"]] == ["Giải Nhất", "Giải Nhì"]
        assert stored().contest.split_pool
        before = stored()
        self.save(builder)  # what was shown changes nothing
        assert stored() == before

    def test_a_collective_competition(self, builder, stored):
        builder.press("add:collective")
        for name in ("gates", "bands", "bands", "prize_points", "prizes"):
            builder.press(f"add:collective-0-{name}")
        builder.press("on:collective-0-tie_breaks:average")
        builder.press("on:collective-0-tie_breaks:participants")
        builder.press("up:collective-0-tie_breaks:1")
        builder.values.pop("collective-0-by_block")
        self.save(
            builder, collective__0__name="Thi đua các trường", collective__0__formula="composite",
            collective__0__scope="round", collective__0__denominator="obliged", collective__0__lists=["perfect"],
            collective__0__gates__0__kind="winners", collective__0__gates__0__at_least="1",
            collective__0__bands__0__below="50", collective__0__bands__0__percent="30",
            collective__0__bands__1__percent="20", collective__0__prize_points__0__tier="giai-nhat",
            collective__0__prize_points__0__points="10", collective__0__weight_ratio="50",
            collective__0__weight_quality="20", collective__0__prizes__0__name="Giải Nhất tập thể",
            collective__0__prizes__0__quota="1", collective__0__top="5",
        )  # fmt: skip
        (scheme,) = stored().contest.collective
        assert (scheme.code, scheme.name, scheme.formula, scheme.scope) == (
            "tap-the-1",
            "Thi đua các trường",
            "composite",
            "round",
        )
        assert (scheme.denominator, scheme.by_block, scheme.lists, scheme.top) == ("obliged", False, ("perfect",), 5)
        assert [(g.kind, g.at_least) for g in scheme.gates] == [("winners", 1)]
        assert [(b.below, b.percent) for b in scheme.bands] == [(50, 30), (None, 20)]
        assert scheme.prize_points == {"giai-nhat": 10}
        assert scheme.weights.model_dump() == {"ratio": 50, "quality": 20, "winners": 30}
        assert scheme.tie_breaks == ("participants", "average")
        assert [t.name for t in scheme.prizes] == ["Giải Nhất tập thể"]
        before = stored()
        self.save(builder)
        assert stored() == before

    def test_the_board_stands_still_before_the_close(self, builder, stored):
        self.save(builder, freeze_hours="24")
        assert stored().contest.freeze_hours == 24

    def test_the_rules_of_every_preset_come_back_as_they_were(self, builder, stored, contest_id, app):
        from quiz.contests.presets import presets

        for preset in presets().values():
            with app.app_context():
                db.session.get_one(Contest, contest_id).rules = preset.contest.model_dump(mode="json")
                db.session.commit()
            before = stored()
            builder.read(builder.browser.get(builder.url))
            assert builder.press("save").status_code == 302, preset.code
            assert stored().contest.model_dump() == before.contest.model_dump(), preset.code
            assert stored() == before


class TestFaultsOfTheWhole:
    """Each is said where it can be mended, and the place is on the page."""

    @pytest.mark.parametrize(
        ("typed", "field", "words"),
        [
            ({"max_age": "10"}, "max_age", "nhỏ hơn tuổi tối thiểu"),
            ({"counted": "only", "attempt_limit": "3"}, "attempt_limit", "đúng một lượt"),
            ({"freeze_hours": "5", "board_release": "never"}, "freeze_hours", "Hãy đặt 0 giờ"),
            ({"points_1": "5"}, "points_2", "cần một số nguyên"),
            ({"prediction": "people"}, "chain", "phải có tiêu chí “Dự đoán”"),
            ({"prediction": "people", "prediction_scope": "contest"}, "overall_chain", "phải có tiêu chí “Dự đoán”"),
            ({"week_at": "25:00"}, "week_at", "Giờ chưa đúng. Ví dụ: 07:30."),
            ({"rounds__0__hours_opens": "07:30"}, "rounds-0-weekdays", "Hãy chọn các ngày"),
            ({"rounds__0__weekdays": ["1"], "rounds__0__hours_opens": "9", "rounds__0__hours_closes": "8"}, "rounds-0-hours_closes", "phải sau giờ bắt đầu"),
            ({"rounds__0__admission_quota": "5"}, "rounds-0-admission_rounds", "Hãy chọn những kỳ"),
            ({"has_lucky": "y", "lucky_name": ""}, "lucky_name", "cần được điền"),
        ],
    )  # fmt: skip
    def test_at_its_field(self, builder, stored, typed, field, words):
        before = stored()
        response = builder.press("save", **typed)
        assert response.status_code == 422
        assert f'href="#{field}"' in response.text
        assert words in response.text
        assert f'id="{field}"' in response.text or field == "rounds-0-admission_rounds"
        assert stored() == before

    def test_of_rounds_typed_out_of_order(self, builder):
        builder.press("add:rounds", rounds__0__opens_at="2024-12-10T07:00", rounds__0__closes_at="2024-12-17T07:00")
        response = builder.press(
            "save", rounds__1__opens_at="2024-12-01T07:00", rounds__1__closes_at="2024-12-11T07:00"
        )
        assert 'href="#rounds-0-opens_at"' in response.text  # the later one, which stands first in the form
        assert "“Kỳ 1” mở khi “Kỳ 2” chưa đóng" in response.text

    def test_of_a_collective_competition(self, builder):
        builder.press("add:collective")
        builder.press("add:collective-0-bands")
        response = builder.press("save", collective__0__bands__0__below="50", collective__0__bands__0__percent="30")
        assert 'href="#collective-0-bands"' in response.text
        response = builder.press("save", collective__0__formula="sum", collective__0__bands__0__below="")
        assert 'href="#collective-0-prize_points"' in response.text

    def test_of_a_final_before_its_rounds(self, builder):
        builder.press("add:rounds", rounds__0__opens_at="2024-12-01T07:00", rounds__0__closes_at="2024-12-08T07:00")
        response = builder.press("save", rounds__0__admission_rounds=["ky-2"], rounds__0__admission_quota="7")
        assert "chọn người từ một kỳ không đóng trước khi nó mở" in response.text
        assert 'href="#rounds-0-name"' in response.text


def test_each_rule_is_said_beside_its_fields(builder):
    page = builder.press("refresh", total_limit="4", min_score="2").text
    for place, words in (("noi-minutes", "4 lượt trong cả cuộc thi"), ("noi-conditions", "từ 2 điểm trở lên")):
        said = page.partition(f'id="{place}"')[2].partition("</div>")[0]
        assert words in said


def test_while_it_is_not_whole_the_page_says_what_is_missing(builder):
    page = builder.press("add:rounds", title="").text
    assert "Thể lệ hiện ở đây khi" in page
    assert "Mục này cần được điền." in page.partition('id="toan-van"')[2]
