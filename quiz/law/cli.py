"""Commands of the law library."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from quiz.db import transaction
from quiz.law import csv_file, service

group = AppGroup("law", help="The library of legal documents.")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Add and update the documents of FILE, a CSV; a file with problems changes nothing."""
    reading = csv_file.read_file(file)
    for problem in reading.problems:
        click.echo(problem, err=True)
    if reading.problems:
        raise click.ClickException(f"{len(reading.problems)} problems, nothing was written")
    with transaction():
        report = service.import_documents(reading.rows, now=current_app.extensions["clock"]())
    click.echo(f"{len(report.added)} added, {len(report.changed)} changed, {report.unchanged} unchanged")
    for number in report.changed:
        click.echo(f"  changed: {number}")
