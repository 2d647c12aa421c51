"""What later domains add to the page of a movement: its contests, their results.

Exemplars come before contests in the house and do not know them; a later domain names a function that renders its part.
"""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from quiz.exemplars.models import Movement

Section = Callable[[Movement], str]

_sections: list[Section] = []


def section(render: Section) -> Section:
    """Name a function that gives a part of a movement's page as HTML, "" where it has nothing to say."""
    _sections.append(render)
    return render


def sections_of(movement: Movement) -> list[Markup]:
    """In the order in which they were named."""
    return [Markup(html) for render in _sections if (html := render(movement))]
