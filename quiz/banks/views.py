from flask import Blueprint

from quiz.banks import models  # noqa

bp = Blueprint("banks", __name__)
