"""Pages of practice, for visitors and for people who are signed in. Organizers' pages: practice_office_views.py."""

from __future__ import annotations

from secrets import randbelow
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from fsrs import Rating

from quiz.access import Permission, needs, public
from quiz.addresses import asked_number
from quiz.attempts import practice, responses
from quiz.attempts import practice_queries as queries
from quiz.attempts.practice import Answered, Mode, PracticeRefusal, Wish
from quiz.attempts.practice_models import PracticeBank
from quiz.attempts.views import bp
from quiz.banks import links
from quiz.contests.topics import titles
from quiz.db import transaction
from quiz.errors import Refusal, explain
from quiz.formats import local
from quiz.law.queries import document_by_id
from quiz.law.words import STATES

SEEDS = 1_000_000
SHOWN_PER_HOUR = 60  # questions to a browser that nobody has signed in with
_COUNTED = "on-luyen"  # in the session: [hour, questions shown in it]

RATINGS = {
    "quen": (Rating.Again, _l("Quên, đoán trúng")),
    "kho": (Rating.Hard, _l("Khó")),
    "duoc": (Rating.Good, _l("Được")),
    "de": (Rating.Easy, _l("Dễ")),
}

explain(
    {
        PracticeRefusal.BAD_MARK: _l(
            "Máy chủ không nhận ra câu hỏi mà trang này gửi lên. Chưa có gì được ghi. Hãy mở lại trang Ôn luyện rồi làm câu khác."
        ),
        PracticeRefusal.TOO_OLD: _l(
            "Trang câu hỏi này mở đã quá một ngày nên không chấm nữa. Những câu bạn đã ôn vẫn còn nguyên. Hãy mở lại trang Ôn luyện."
        ),
        PracticeRefusal.KEPT: _l(
            "Câu này vừa được để dành cho một cuộc thi nên lúc này không chấm và không cho xem đáp án. Những câu bạn đã ôn vẫn còn "
            "nguyên. Hãy mở lại trang Ôn luyện để làm câu khác."
        ),
        PracticeRefusal.CHANGED: _l(
            "Câu này vừa được sửa hoặc không còn dùng nên không chấm nữa. Những câu bạn đã ôn vẫn còn nguyên. Hãy mở lại trang Ôn "
            "luyện để làm câu khác."
        ),
        PracticeRefusal.TOO_MANY: _l(
            "Bạn đã ôn rất nhiều câu trong một giờ qua. Những câu đã ôn vẫn còn nguyên. Hãy nghỉ một lát rồi ôn tiếp; người có tài "
            "khoản ôn được nhiều hơn."
        ),
        PracticeRefusal.NOT_RATED: _l(
            "Mức nhớ chỉ ghi được cho lần trả lời đúng gần nhất của câu. Những câu bạn đã ôn vẫn còn nguyên. Hãy làm câu tiếp theo."
        ),
    }
)  # fmt: skip


def given_or_404(code: str) -> PracticeBank:
    return queries.given_bank(code) or abort(404)


@bp.route("/on-luyen")
@public
def practice_index() -> Any:
    """Banks and topics with what may be practised now."""
    banks = queries.given_banks()
    free = queries.free([p for given in banks for p in queries.practicable_lately(given, g.now)], g.now)
    remembered = queries.due_moments(current_user.id) if current_user.is_authenticated else {}
    due = [p for p in free if (at := remembered.get(p.subject.item_id)) is not None and at <= g.now]
    return render_template(
        "practice/index.html",
        banks=banks,
        free=queries.count_by_topic(free),
        due=queries.count_by_topic(due),
        fresh=queries.count_by_topic(p for p in free if p.subject.item_id not in remembered),
        progress=queries.progress(current_user.id) if current_user.is_authenticated else {},
        remembers=bool(remembered),
        modes=Mode,
        today=local(g.now).date(),
    )


@bp.route("/on-luyen/<code>/cau")
@public
def practice_question(code: str) -> Any:
    """One question; none of its key is in the page."""
    wish = _wish(given_or_404(code))
    shown = _shown_in_this_hour()
    if shown >= (practice.PER_HOUR if current_user.is_authenticated else SHOWN_PER_HOUR):
        raise Refusal(PracticeRefusal.TOO_MANY)
    asked = practice.choose(wish, _account_id(), now=g.now)
    if asked is None:
        return render_template(
            "practice/done.html", wish=wish, modes=Mode, free=len(practice.free_items(wish, now=g.now)),
            seed=randbelow(SEEDS), again=lambda **changes: _address(wish, **changes),
        )  # fmt: skip
    session[_COUNTED] = [_hour(), shown + 1]
    return render_template(
        "practice/question.html", asked=asked, wish=wish, topic=_topic(wish.given, asked.topic),
        address=_address(wish, ".practice_answer"), today=local(g.now).date(),
    )  # fmt: skip


@bp.route("/on-luyen/<code>/cau", methods=["POST"])
@public
def practice_answer(code: str) -> Any:
    """Mark the answer at once and say all about the question. The page is what the form leads to: nothing of a key has an
    address that could be opened without the mark of the question."""
    asked = practice.ask_again(request.form.get("cau", ""), now=g.now)
    try:
        document = responses.from_form(request.form, [asked.question.kind])
    except responses.BadResponses:
        raise Refusal(PracticeRefusal.BAD_MARK) from None
    with transaction():
        answered = practice.answer(asked, document, _account_id(), now=g.now)
    wish = _wish(asked.given)
    return _answer_page(answered, wish)


def _answer_page(answered: Answered, wish: Wish) -> str:
    asked, face = answered.asked, answered.question.face
    today = local(g.now).date()
    document = document_by_id(face.document_id) if face.document_id is not None else None
    return render_template(
        "practice/answer.html",
        answered=answered,
        question=answered.question,
        wish=wish,
        topic=_topic(asked.given, asked.topic),
        document=document,
        stories=links.stories_of_versions([face.version_id]).get(face.version_id, []),
        state=STATES[document.state_on(today)] if document else None,
        today=today,
        next=_address(wish, after=asked.item_id),
        rate=_address(wish, ".practice_rate", after=asked.item_id),
        ratings=[(name, words, answered.ratings[r]) for name, (r, words) in RATINGS.items() if r in answered.ratings],
        in_words=_in_words,
    )


@bp.route("/on-luyen/<code>/nho", methods=["POST"])
@needs(Permission.KEEP_PRACTICE, of=given_or_404)
def practice_rate(given: PracticeBank) -> Any:
    """Say how hard a right answer was, and go on."""
    rating = RATINGS.get(request.form.get("muc", ""))
    item_id = asked_number("sau")
    if rating is None or item_id is None:
        abort(400)
    with transaction():
        practice.rate(current_user.id, item_id, request.form.get("cau", ""), rating[0])
    return redirect(_address(_wish(given)))


@bp.route("/on-luyen/quen", methods=["POST"])
@needs(Permission.KEEP_PRACTICE)
def practice_forget() -> Any:
    with transaction():
        count = practice.forget(current_user.id)
    flash(_("Đã xóa việc ôn luyện của bạn: %(n)s câu. Lần sau bạn bắt đầu lại từ đầu.", n=count), "ok")
    return redirect(url_for(".practice_index"))


def _wish(given: PracticeBank) -> Wish:
    """What the address asks for."""
    known = {topic["code"] for topic in given.bank.topics}
    try:
        mode = Mode(request.args.get("che-do", Mode.LEARN))
    except ValueError:
        mode = Mode.LEARN
    if not current_user.is_authenticated:
        mode = Mode.ALL
    seed = asked_number("hat")
    return Wish(
        given=given,
        topics=[code for code in request.args.getlist("chu-de") if code in known],
        mode=mode,
        seed=randbelow(SEEDS) if seed is None else seed,
        after=asked_number("sau"),
    )


def _address(wish: Wish, endpoint: str = ".practice_question", **changes: Any) -> str:
    """The address that asks for the wish, with some of it changed."""
    said: dict[str, Any] = {
        "chu-de": changes.get("topics", list(wish.topics)),
        "che-do": changes.get("mode", wish.mode).value,
        "hat": changes.get("seed", wish.seed),
        "sau": changes.get("after", wish.after),
    }
    return url_for(endpoint, code=wish.given.bank.code, **said)


def _topic(given: PracticeBank, code: str) -> str:
    return titles().topic(given.bank.code, code)


def _account_id() -> int | None:
    return current_user.id if current_user.is_authenticated else None


def _hour() -> int:
    return int(g.now.timestamp()) // 3600


def _shown_in_this_hour() -> int:
    """How many questions this browser has been shown; of another hour it starts anew."""
    hour, count = session.get(_COUNTED, (0, 0))
    return count if hour == _hour() else 0


def _in_words(moment: Any) -> str:
    """How long until a moment: "10 phút nữa", "2 ngày nữa"."""
    days = (local(moment).date() - local(g.now).date()).days
    if days:
        return _("%(n)s ngày nữa", n=days)
    return _("%(n)s phút nữa", n=max(1, round((moment - g.now).total_seconds() / 60)))
