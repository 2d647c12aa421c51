"""Commands of banks."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from quiz.banks import service
from quiz.banks.formats.bank_yaml import BadBankFile
from quiz.db import transaction
from quiz.errors import sentence

group = AppGroup("banks", help="Banks of items.")


@group.command("import")
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--live",
    is_flag=True,
    help="Put the items into use at once, on the word of the author and second reader named in bank.yaml.",
)
def import_(folder: Path, live: bool) -> None:
    """Bring in the bank of FOLDER (or one YAML file); with any problem in it, nothing is written."""
    try:
        with transaction():
            report = service.import_bank(folder, now=current_app.extensions["clock"](), live=live)
    except BadBankFile as bad:
        for found in bad.problems:
            where = ": ".join(filter(None, (found.file, found.item)))
            click.echo(f"{where}: {sentence(found.problem.fault, **found.problem.details)}", err=True)
        raise click.ClickException(f"{len(bad.problems)} problems, nothing was written") from bad
    click.echo(
        f"{report.code}: {len(report.added)} added, {len(report.changed)} changed, {len(report.kept)} kept as drafts, "
        f"{report.unchanged} unchanged"
    )
