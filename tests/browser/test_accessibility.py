"""Every page for everybody: no violation that axe knows, in light and dark, on phone and desktop; nothing sticks out at 360 px."""

import shutil

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Response
from playwright.sync_api import expect
from werkzeug.exceptions import HTTPException

from quiz.access import Role
from tests.browser.conftest import DESKTOP, PHONE, TickingClock, served
from tests.browser.rooms import PAGES, SENT_EMPTY, furnish

pytestmark = pytest.mark.browser

AXE = "/axe.js"  # served, so that Chromium keeps it compiled from page to page
KEPT = {"Cache-Control": "max-age=3600"}
NARROW = {"width": 360, "height": 740}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EXPECTED = {("visitor", "/khong-co-trang-nay"): 404, ("visitor", "/tra-cuu/SAI"): 404, ("sitting", "/ngan-hang"): 403}
# GET addresses that are no pages of their own: files, data, and what is only reached by a form
NO_PAGES = {
    AXE, "static", "bootstrap.static", "accounts.wards", "accounts.units_csv", "attempts.time_left", "banks.export",
    "exemplars.story_picture", "exemplars.card", "exemplars.poster", "exemplars.story_feed",
    "banks.template", "banks.word_template", "banks.picture", "banks.draft_report", "reports.figures_download",
    "recognition.certificate_pdf", "ranking.export_board", "ranking.unit_sheet_file", "attempts.abandon",
    "recognition.complaints_xlsx", "recognition.certificate_json", "recognition.register_xlsx", "recognition.print_file",
    "recognition.print_image", "ranking.verify_file",
    "reports.public_file", "reports.receipt", "reports.verify_py", "reports.statistics_xlsx", "reports.chart",
    "reports.period_xlsx", "reports.period_docx", "reports.contest_paper", "reports.sheet_paper", "reports.winners_xlsx",
    "reports.announcement_paper", "reports.final_report", "reports.certificates_paper", "exemplars.evidence_file",
    "reports.quarter_paper", "reports.quarter_workbook", "exemplars.post_calendar", "exemplars.events_calendar",
}  # fmt: skip


@pytest.fixture(scope="module")
def rooms(sqlite_template, tmp_path_factory):
    """The served site, what stands for the names in the addresses, and who is who."""
    path = tmp_path_factory.mktemp("rooms") / "rooms.sqlite3"
    shutil.copy(sqlite_template, path)
    with served(f"sqlite:///{path}", TickingClock(), demo=True) as site:
        site.app.add_url_rule(AXE, AXE, lambda: Response(AXE_SCRIPT, headers=KEPT, mimetype="text/javascript"))
        yield site, *furnish(site)


@pytest.fixture(scope="module")
def page_of(rooms, browser):
    """`page_of("judge")`: that person's tab. Scripts of the test may run in it, which our own policy forbids."""
    site, _values, people = rooms
    pages = {}

    def of(who):
        if who not in pages:
            context = browser.new_context(base_url=site.url, bypass_csp=True, reduced_motion="reduce", locale="vi-VN")
            context.set_default_timeout(20_000)
            if people[who] is not None:
                context.add_cookies([site.cookie(people[who])])
            pages[who] = context.new_page()
        return pages[who]

    yield of
    for page in pages.values():
        page.context.close()


def violations(page, *rules):
    """What axe finds, one line each; by all its rules, or the named ones."""
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": RULES}
    options = {"runOnly": only, "resultTypes": ["violations"], "preload": False}
    found = page.evaluate("options => axe.run(document, options).then(result => result.violations)", options)
    return [f"{v['id']}: {v['help']} – {node['target']} {node['html'][:160]}" for v in found for node in v["nodes"][:3]]


def look_at(page):
    """Everything that is wrong with the page that is shown, by size and colours."""
    wrong = [f"id {name} is there twice" for name in page.evaluate(TWICE)]
    page.add_script_tag(url=AXE)
    page.evaluate(SET_TWINS_ASIDE)
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        for theme in ("light", "dark"):
            page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme }", theme)
            # another theme changes colours and nothing else
            found = violations(page) if theme == "light" else violations(page, "color-contrast")
            wrong += [f"{size['width']} px, {theme}: {text}" for text in found]
    page.evaluate("giveTwinsBack()")
    page.set_viewport_size(NARROW)
    width, headings, title = page.evaluate(
        "[document.documentElement.scrollWidth, document.querySelectorAll('h1').length, document.title]"
    )
    if width > NARROW["width"]:
        wrong.append(f"{width} px wide at {NARROW['width']} px: {page.evaluate(WIDEST)}")
    if headings != 1:
        wrong.append(f"{headings} h1")
    if len(title.removesuffix("– Hiểu Luật").strip()) < 4:
        wrong.append(f"title {title!r}")
    return wrong


# names that elements share: the one thing that axe could not see with twins set aside
TWICE = """() => [...new Set([...document.querySelectorAll("[id]")].map(el => el.id).filter((id, n, all) => all.indexOf(id) !== n))]"""
# Of siblings built alike, tag for tag, class for class and attribute for attribute, two stand for all: axe takes a
# second for a thousand elements, and says of the hundredth row what it says of the first.
SET_TWINS_ASIDE = """() => {
  const aside = [];
  const built = el => `${el.tagName}.${el.className}[${el.getAttributeNames()}]${el.style.cssText}(${[...el.children].map(built)})`;
  const walk = box => {
    const seen = {};
    for (const el of [...box.children]) {
      const like = built(el);
      seen[like] = (seen[like] || 0) + 1;
      if (seen[like] <= 2) { walk(el); continue; }
      const mark = document.createComment("");
      aside.push([mark, el]);
      el.replaceWith(mark);
    }
  };
  walk(document.body);
  window.giveTwinsBack = () => aside.forEach(([mark, el]) => mark.replaceWith(el));
}"""
# what reaches beyond the right edge and has no scrolling box around it
WIDEST = """() => [...document.querySelectorAll("body *")].filter(el => el.getBoundingClientRect().right > innerWidth + 1
  && !el.closest("[tabindex='0']")).slice(0, 4).map(el => `${el.tagName}.${el.className}`)"""


@pytest.mark.parametrize(("who", "address"), [(who, address) for who, all_ in PAGES.items() for address in all_])
def test_page(rooms, page_of, who, address):
    _site, values, _people = rooms
    page = page_of(who)
    page.set_viewport_size(DESKTOP)
    response = page.goto(address.format(**values))
    assert response.status == EXPECTED.get((who, address), 200)
    assert page.url.endswith(address.format(**values)), "the page led elsewhere"
    assert look_at(page) == []


def test_axe_is_awake(page_of):
    page = page_of("visitor")
    page.goto("/")
    page.add_script_tag(url=AXE)
    page.evaluate("document.querySelector('main').innerHTML += '<img src=\"data:,\"><p style=\"color:#999\">nhạt</p>'")
    assert {line.partition(":")[0] for line in violations(page)} == {"image-alt", "color-contrast"}


EMPTY_FORM = """button => {
  const form = button.form;
  form.noValidate = true;
  for (const el of form.elements) if (el.matches("input:not([type=hidden]), textarea")) {
    if (el.matches("[type=radio], [type=checkbox]")) el.checked = false; else el.value = "";
  }
}"""


@pytest.mark.parametrize(("who", "address", "button"), SENT_EMPTY)
def test_form_that_comes_back(rooms, page_of, who, address, button):
    _site, values, _people = rooms
    page = page_of(who)
    page.set_viewport_size(DESKTOP)
    page.goto(address.format(**values))
    button = page.get_by_role("main").get_by_role("button", name=button).last
    button.evaluate(EMPTY_FORM)
    with page.expect_navigation() as answered:
        button.click()
    assert answered.value.status == 422
    assert look_at(page) == []
    expect(page.locator(".error-summary")).to_be_focused()


def test_the_paper_in_its_other_states(rooms, page_of):
    """Answers kept without a network, the step before handing in, and the device that another one has overtaken."""
    _site, values, _people = rooms
    page, other = page_of("sitting"), page_of("sitting").context.new_page()
    for tab in (page, other):
        tab.goto(f"/thi/{values['open']}")
    page.context.set_offline(True)
    page.locator("#c1 .opt").first.click()
    expect(page.locator("#offline")).to_be_visible()
    wrong = look_at(page)
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()
    page.locator("[data-flag]").click()
    page.locator('a[href^="#c"]', has_text="Xem lại và nộp bài").click()
    expect(page.locator("[data-submit]")).to_be_visible()
    wrong += look_at(page)
    other.locator("#c1 .opt").nth(1).click()
    expect(other.locator("#trouble")).to_be_visible()
    wrong += look_at(other)
    other.close()
    assert wrong == []


def test_an_answer_in_practice(rooms, page_of):
    """Wrong for a visitor; right for a person, who then says how well it was known."""
    _site, values, _people = rooms
    wrong = []
    for who in ("visitor", "sitting"):
        page = page_of(who)
        page.set_viewport_size(DESKTOP)
        page.goto(f"/on-luyen/{values['other_bank']}/cau?hat=3&che-do=tat-ca")
        page.get_by_role("button", name="Trả lời và xem đáp án").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Bạn chưa trả lời")
        wrong += look_at(page)
        page.get_by_role("link", name="Câu tiếp theo").click()
        expect(page.get_by_role("button", name="Trả lời và xem đáp án")).to_be_visible()
    assert wrong == []


def test_every_page_is_looked_at(rooms):
    site, values, _people = rooms
    adapter = site.app.url_map.bind("localhost")
    seen = set()
    for address in [a for all_ in PAGES.values() for a in all_]:
        try:
            seen.add(adapter.match(address.format(**values).partition("?")[0])[0])
        except HTTPException:
            assert address == "/khong-co-trang-nay"
    pages = {rule.endpoint for rule in site.app.url_map.iter_rules() if "GET" in rule.methods} - NO_PAGES
    assert seen == pages


def test_the_paper_by_keyboard(rooms, page_of):
    """Tab reaches a question's options and the way on, and one sees where one is."""
    _site, values, _people = rooms
    page = page_of("sitting")
    page.set_viewport_size(PHONE)
    page.goto(f"/thi/{values['open']}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Bỏ qua, đến câu hỏi")).to_be_focused()
    page.keyboard.press("Enter")
    for selector in ("#c1 .opt input >> nth=0", "[data-flag]", '[data-go="1"]'):
        reach(page, page.locator(selector))
        assert page.evaluate(SEES_FOCUS), f"no focus to be seen on {selector}"
        assert page.evaluate(IN_VIEW), f"{selector} has the focus and is covered"
    page.keyboard.press("Enter")
    expect(page.locator("#c2 legend")).to_be_focused()


def reach(page, target):
    for _ in range(12):
        page.keyboard.press("Tab")
        if target.evaluate("el => el === document.activeElement"):
            return
    pytest.fail(f"Tab does not reach {target}")


# the focused element, or the label around it, has an outline or a shadow that it has not without focus
SEES_FOCUS = """() => {
  const el = document.activeElement, box = el.closest("label") || el;
  const look = () => [el, box].map(e => { const s = getComputedStyle(e);
    return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor].join(); }).join();
  const focused = look(), style = getComputedStyle(el), round = getComputedStyle(box);
  el.blur(); const plain = look(); el.focus({ focusVisible: true });
  return focused !== plain && [style, round].some(s => s.outlineStyle !== "none" || s.boxShadow !== "none");
}"""
# WCAG 2.2, 2.4.11: not hidden behind the bars that stay in place
IN_VIEW = """() => {
  const el = document.activeElement, box = (el.closest("label") || el).getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return top !== null && ((el.closest("label") || el).contains(top) || top.contains(el));
}"""


def test_everybody_in_office_is_looked_at():
    assert {str(role) for role in Role} - PAGES.keys() == {
        "participant"
    }  # who sits in "sitting" and waits in "waiting"
