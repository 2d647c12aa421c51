from flask import Blueprint

from quiz.ranking import models  # noqa

bp = Blueprint("ranking", __name__)
