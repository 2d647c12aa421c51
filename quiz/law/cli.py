"""Commands of the law library."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _

from quiz.db import transaction
from quiz.law import csv_file, csv_import
from quiz.law.csv_import import LineStatus

group = AppGroup("law", help="The library of legal documents.")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Add and update the documents, or the provisions, of FILE, a CSV; a file with problems changes nothing."""
    reading = csv_file.read_file(file)
    plan = csv_import.plan_of(reading)
    refused = [
        _("Dòng %(number)s: %(problem)s", number=line.line, problem=line.problem) for line in plan.lines if line.problem
    ]
    problems = reading.problems + refused
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise click.ClickException(f"{len(problems)} problems, nothing was written")
    if plan.can_apply:
        with transaction():
            csv_import.apply(reading, plan.digest, None, now=current_app.extensions["clock"]())
    new, changed, same = (plan.count(status) for status in LineStatus if status != LineStatus.REFUSED)
    click.echo(f"{new} added, {changed} changed, {same} unchanged")
    for line in plan.lines:
        if line.status == LineStatus.CHANGED:
            click.echo(f"  changed: {line.number}")
