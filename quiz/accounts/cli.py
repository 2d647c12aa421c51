"""Commands for operators: the first admin, a forgotten password, a file of units."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from quiz.access import Role
from quiz.accounts import contacts, passwords, queries, refusals, service, unit_import  # noqa: F401  refusals: sentences
from quiz.accounts.models import Audience
from quiz.accounts.unit_file import HEADINGS
from quiz.accounts.unit_plan import RowStatus, read_day
from quiz.db import db, transaction
from quiz.errors import Refusal, sentence

group = AppGroup("accounts", help="People and units.")


def _now() -> datetime:
    return current_app.extensions["clock"]()


@group.command("create-admin")
@click.option("--name", "full_name", prompt="Họ và tên", help="Full name.")
@click.option("--born", prompt="Ngày sinh (ví dụ 27/03/1980)", help="Birth date, day first: 27/03/1980.")
@click.option("--username", help="User name to sign in with; give this, --phone or --email.")
@click.option("--phone", help="Phone number to sign in with.")
@click.option("--email", help="E-mail address to sign in with.")
@click.option(
    "--password", help="Better left out: it is then asked for without being shown, and not kept by the shell."
)
@click.option("--generate-password", is_flag=True, help="Make a random password and print it once.")
def create_admin(
    full_name: str,
    born: str,
    username: str | None,
    phone: str | None,
    email: str | None,
    password: str | None,
    generate_password: bool,
) -> None:
    """Make an account with the role admin, so that the first person can sign in and give roles to others."""
    if not (username or phone or email):
        username = click.prompt("Tên đăng nhập")
    birth_date = _birth_date(born)
    if generate_password and password:
        raise click.UsageError("Chỉ dùng một trong hai: --password hoặc --generate-password.")
    if generate_password:
        password = passwords.one_time_password()
    elif password is None:
        password = click.prompt("Mật khẩu", hide_input=True, confirmation_prompt="Nhập lại mật khẩu")
    try:
        with transaction():
            account = service.create_account(
                full_name=full_name, birth_date=birth_date, password=password, audience=Audience.STAFF,
                username=username, phone=phone, email=email, now=_now(),
            )  # fmt: skip
            account.must_change_password = generate_password
            service.grant_role(account, Role.ADMIN, by=None, now=_now())
            ways = [way for way in (account.username, account.phone, account.email) if way]
            name = account.full_name
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    click.echo(f"Đã lập tài khoản quản trị: {name}")
    click.echo(f"Đăng nhập bằng: {' hoặc '.join(ways)}")
    if generate_password:
        click.echo(f"Mật khẩu dùng một lần, chỉ hiện ở đây: {password}")


def _birth_date(text: str) -> date:
    day = read_day(text.strip())
    if day is None:
        raise click.ClickException(f"Ngày sinh “{text}” không đọc được. Ví dụ đúng: 27/03/1980.")
    return day


@group.command("set-password")
@click.argument("name")
def set_password(name: str) -> None:
    """Give the account NAME (phone, e-mail or user name) a one-time password, printed once.

    For the admin who forgot the own password; all others are helped on the page of their account.
    """
    try:
        with transaction():
            account = queries.account_by_sign_in_name(*contacts.sign_in_name(name))
            if account is None:
                raise click.ClickException(f"Không có tài khoản nào đăng nhập bằng “{name}”.")
            password = service.set_one_time_password(account, by=None, now=_now())
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    click.echo(f"Mật khẩu dùng một lần, chỉ hiện ở đây: {password}")


@group.command("import-units")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only report what would change.")
def import_units(file: Path, dry_run: bool) -> None:
    """Import organisational units from a CSV or XLSX FILE: all of it, or nothing when a row is refused."""
    try:
        with transaction():
            draft = unit_import.draft_import(file.read_bytes(), file.name, by=None, now=_now())
            plan = unit_import.plan_of(draft, now=_now())
            for line in plan.lines:
                for reason, details in line.problems:
                    if "column" in details:
                        details = details | {"column": HEADINGS[str(details["column"])][0]}
                    click.echo(f"Dòng {line.number}: {sentence(reason, **details)}", err=True)
            if plan.can_commit and not dry_run:
                unit_import.commit_import(draft, unit_import.plan_digest(plan), by=None, now=_now())
            else:
                db.session.delete(draft)
            new, changed, same, refused = (plan.count(status) for status in RowStatus)
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    click.echo(f"Mới {new}, thay đổi {changed}, giữ nguyên {same}, bị từ chối {refused}.")
    if refused:
        raise click.ClickException("Chưa ghi dòng nào. Hãy sửa tệp rồi nhập lại.")
    if dry_run:
        click.echo("Đây là chạy thử, chưa ghi dòng nào.")
