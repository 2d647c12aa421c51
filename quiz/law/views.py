from flask import Blueprint

from quiz.law import models  # noqa

bp = Blueprint("law", __name__)
