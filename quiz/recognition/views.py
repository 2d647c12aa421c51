from flask import Blueprint

from quiz.recognition import models  # noqa

bp = Blueprint("recognition", __name__)
