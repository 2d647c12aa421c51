from flask import Blueprint

from quiz.marking import models  # noqa

bp = Blueprint("marking", __name__)
