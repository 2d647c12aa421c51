from flask import Blueprint

from quiz.accounts import models  # noqa

bp = Blueprint("accounts", __name__)


def init_login(login):
    login.login_view = "accounts.sign_in"

    @login.user_loader
    def load(i):
        return None
