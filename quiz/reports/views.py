from flask import Blueprint

from quiz.access import public

bp = Blueprint("reports", __name__)


@bp.route("/")
@public
def home():
    return ""
