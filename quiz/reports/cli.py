"""Commands of reports."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from quiz.db import transaction
from quiz.reports import figures_queries, item_figures, record_check

group = AppGroup("reports", help="Figures of contests.")


@group.command("figures")
@click.option(
    "--contest", "slug", help="The address of one contest, as in /cuoc-thi/ADDRESS; all opened ones without it."
)
def figures(slug: str | None) -> None:
    """Work out how papers and items have done, from all finished attempts, and keep it for the pages."""
    now = current_app.extensions["clock"]()
    divisions = figures_queries.opened_divisions(slug)
    if not divisions:
        raise click.ClickException(f"there is no open contest {slug}" if slug else "there is no open contest")
    for division in divisions:
        name = f"{division.contest.slug} {division.code}"
        with transaction():
            kept = item_figures.compute(division, now=now)
            doubtful = sum(bool(item["warnings"]) for item in kept.items)
            line = f"{name}: {kept.figures['n']} attempts, {len(kept.items)} items, {doubtful} with a warning"
        click.echo(line)


@group.command("check-records")
def check_records() -> None:
    """Check every sealed row against its seal and the journal; exits with 1 and names the rows that are not what they were."""
    found = list(record_check.faults())
    for line in found:
        click.echo(line)
    if found:
        raise SystemExit(1)
    click.echo("records: whole")
