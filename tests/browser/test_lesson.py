"""A lesson in real browsers: a teacher and two students at once, alone, and on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from sim.lessons.catalogue import lessons
from sim.storage.walk_cache import walked

START = "Guess first, then see"
FIRST = "Of every 1,000 alerts, how many were false?"
REVEALED = "10 of 2,077"
FOLLOWS_S = 15  # a student's page asks every 3 s


@pytest.fixture(scope="module")
def streets():
    """Walk what the lessons need into the cache that the server reads."""
    for lesson in lessons().values():
        for scenario in lesson.streets().values():
            walked(scenario)


def press(one, name, which=0):
    one.page.get_by_role("button", name=name, exact=True).nth(which).click()


def guess(one, value, button="This is my guess"):
    one.page.get_by_label("Your guess").fill(str(value))
    press(one, button)


def begin(visitor, which=0, **how):
    teacher = visitor(**how)
    teacher.go("teach", waits_for=START)
    press(teacher, "Begin a class", which)
    teacher.page.locator(".p-code").wait_for(timeout=60_000)
    return teacher, teacher.page.locator(".p-code").inner_text().strip()


def join(visitor, code, **how):
    student = visitor(**how)
    student.go("teach", waits_for=START)
    student.page.get_by_label("Class code").fill(code)
    press(student, "Join the class")
    student.see(f"class {code}")
    return student


def test_two_students_and_a_teacher_at_once(visitor):
    teacher, code = begin(visitor)
    one, two = join(visitor, code), join(visitor, code, width=390)
    teacher.see("2 seats taken", FOLLOWS_S)
    guess(one, 500)
    one.see("Your guess is in")
    guess(two, 20)
    two.see("Your guess is in")
    teacher.see("2 of 2 have guessed", FOLLOWS_S)
    for each in (teacher, one, two):
        assert REVEALED not in each.page.inner_text("body")
    teacher.shot("teach-teacher-waits")
    press(teacher, "Show the answer")
    for each in (teacher, one, two):
        each.see(REVEALED, FOLLOWS_S)
        each.see("2 guesses", FOLLOWS_S)
        each.settle()
    teacher.shot("teach-teacher-shown")
    one.shot("teach-student-shown")
    two.shot("teach-student-phone")
    press(teacher, "Next screen")
    for each in (one, two):
        each.see("screen 2 of 6", FOLLOWS_S)
        assert REVEALED not in each.page.inner_text("body")
    assert not any(each.elsewhere() for each in (teacher, one, two))


def test_a_closed_laptop_comes_back_by_its_link(visitor):
    teacher, code = begin(visitor)
    student = join(visitor, code)
    guess(student, 250)
    student.see("Your guess is in: 250")
    teacher_link, student_link = teacher.page.url, student.page.url
    teacher.context.close()
    student.context.close()
    back = visitor()
    back.page.goto(student_link)
    back.see("Your guess is in: 250")
    teacher = visitor()
    teacher.page.goto(teacher_link)
    teacher.see("1 of 1 have guessed", FOLLOWS_S)


def test_another_page_of_the_app_leads_back(visitor):
    one = visitor()
    one.go("teach", waits_for=START)
    press(one, "Work alone")
    one.see(FIRST)
    guess(one, 500)
    one.see(REVEALED)
    one.page.get_by_role("link", name="Evidence").first.click()
    one.see("Every number here has a source")
    one.page.get_by_role("link", name="Teach").first.click()
    one.see(REVEALED)


def test_ending_a_class_closes_its_pages(visitor):
    teacher, code = begin(visitor)
    student = join(visitor, code)
    press(teacher, "End the class")
    press(teacher, "End and delete")
    teacher.see("are deleted")
    student.see("it has ended", FOLLOWS_S)
    teacher.shot("teach-ended")


def test_the_worksheet_is_a_pdf(visitor):
    one = visitor()
    one.go("teach", waits_for=START)
    with one.page.expect_download(timeout=60_000) as waiting:
        press(one, "Print worksheets")
    assert waiting.value.suggested_filename == "rare-worksheet.pdf"
    assert waiting.value.path().read_bytes().startswith(b"%PDF")


def test_a_guess_is_made_by_keyboard_alone(visitor):
    one = visitor()
    one.go("teach?lesson=rare&screen=1", waits_for=FIRST)
    one.page.get_by_label("Your guess").focus()
    one.page.keyboard.type("500")
    one.page.keyboard.press("Enter")
    one.see(REVEALED)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("name", "path", "text"),
    [
        ("start", "teach", START),
        ("question", "teach?lesson=rare&screen=1", FIRST),
        ("answer", "teach?lesson=rare&screen=1&guesses=500", REVEALED),
        ("board", "teach?lesson=board&screen=2", "For every 100 people rightly matched"),
        (
            "policies",
            "teach?lesson=board&screen=5&guesses=_10_3_20000_4",
            "policies keep your ceilings",
        ),
        ("steps", "teach?lesson=who&screen=9&guesses=50_20_30_20_9_15_5_40_1", "There is no right"),
    ],
)
def test_axe_finds_nothing(visitor, streets, name, path, text, width, scheme):
    one = visitor(width=width, scheme=scheme)
    one.go(path, waits_for=text)
    one.settle(2500)
    one.shot(f"teach-{name}-{width}-{scheme}")
    assert faults(one) == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_a_class(visitor, width, scheme):
    teacher, code = begin(visitor, width=width, scheme=scheme)
    student = join(visitor, code, width=width, scheme=scheme)
    guess(student, 500)
    student.see("Your guess is in")
    press(teacher, "Show the answer")
    for name, one in (("teacher", teacher), ("student", student)):
        one.see(REVEALED, FOLLOWS_S)
        one.settle(2500)
        one.shot(f"teach-{name}-{width}-{scheme}")
        assert faults(one) == []


def faults(one):
    found = Axe().run(one.page).response["violations"]
    return [(each["id"], [node["html"][:120] for node in each["nodes"][:3]]) for each in found]
