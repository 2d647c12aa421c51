from flask import Blueprint

from quiz.attempts import models  # noqa

bp = Blueprint("attempts", __name__)
