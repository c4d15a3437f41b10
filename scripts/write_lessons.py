"""Write docs/lessons/: guides, worksheets and answers, from the screens of the page.

    python scripts/write_lessons.py [FOLDER]

Walks the lessons' streets first, where this machine has not yet. A test says whether the pages are
up to date.
"""

import sys
from pathlib import Path

from sim.lessons.catalogue import lessons
from sim.lessons.handouts import all_handouts
from sim.lessons.in_markdown import markdown
from sim.storage.walk_cache import walked

FOLDER = Path(__file__).parents[1] / "docs" / "lessons"


def pages() -> dict[str, str]:
    """Return each page's text by the name of its file."""
    for lesson in lessons().values():
        for scenario in lesson.streets().values():
            walked(scenario)
    return {
        f"{handout.name}.md": markdown(handout)
        for lesson in lessons().values()
        for handout in all_handouts(lesson)
    }


def main() -> None:
    """Write the pages."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")
        print(folder / name)


if __name__ == "__main__":
    main()
