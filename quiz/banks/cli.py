"""Commands of banks."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from quiz.banks import exporting, queries, shipped, story_links
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
            report = shipped.import_bank(folder, now=current_app.extensions["clock"](), live=live)
    except BadBankFile as bad:
        for found in bad.problems:
            where = ": ".join(filter(None, (found.file, found.item)))
            click.echo(f"{where}: {sentence(found.problem.fault, **found.problem.details)}", err=True)
        raise click.ClickException(f"{len(bad.problems)} problems, nothing was written") from bad
    click.echo(
        f"{report.code}: {len(report.added)} added, {len(report.changed)} changed, {len(report.kept)} kept as drafts, "
        f"{report.unchanged} unchanged"
    )


@group.command("link-stories")
def link_stories() -> None:
    """Link shipped items with shipped stories, where both are here; what people have linked stays."""
    with transaction():
        linked = story_links.link_shipped(now=current_app.extensions["clock"]())
    click.echo(f"{linked} items linked")


@group.command("export")
@click.argument("code")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(code: str, file: Path) -> None:
    """Write the bank with this CODE to FILE, in the format that its ending names; lists what the format cannot hold."""
    name = next((n for n, writer in exporting.WRITERS.items() if f".{writer.ending}" == file.suffix), None)
    if name is None:
        endings = ", ".join(f".{writer.ending}" for writer in exporting.WRITERS.values())
        raise click.ClickException(f"{file.suffix or file}: no such format; one of {endings}")
    bank = queries.bank_by_code(code)
    if bank is None:
        raise click.ClickException(f"{code}: no such bank")
    written = exporting.written(bank, name)
    file.write_bytes(written.content)
    for item, lost in written.losses:
        click.echo(f"{item}: {sentence(lost)}", err=True)
    click.echo(f"{file}: {len(written.content)} bytes, {len(written.losses)} losses")
