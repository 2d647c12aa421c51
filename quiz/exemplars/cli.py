"""Commands of exemplars."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from quiz.db import transaction
from quiz.exemplars import shipped
from quiz.exemplars.shipped_files import FOLDER, BadShipped

group = AppGroup("exemplars", help="Stories of exemplars, and movements.")


@group.command("import-shipped")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=FOLDER)
def import_shipped(folder: Path) -> None:
    """Bring in the stories and movements that come with the product, or those of FOLDER; with any problem, nothing is written.

    What people have changed since is left as it is.
    """
    try:
        with transaction():
            report = shipped.import_shipped(folder, now=current_app.extensions["clock"]())
    except BadShipped as bad:
        for problem in bad.problems:
            click.echo(problem, err=True)
        raise click.ClickException(f"{len(bad.problems)} problems, nothing was written") from bad
    for slug, number in report.unknown_law:
        click.echo(f"{slug}: the law library has no {number}; the story does not cite it until it has", err=True)
    for slug in report.kept:
        click.echo(f"{slug}: kept as people have made it")
    click.echo(
        f"{len(report.added)} added, {len(report.changed)} changed, {len(report.kept)} kept, {report.unchanged} unchanged"
    )
