from flask import Blueprint

from quiz.contests import models  # noqa

bp = Blueprint("contests", __name__)
