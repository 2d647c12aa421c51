"""An empty Flask view: the yardstick that one accepted save is compared with."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def nothing() -> str:
    return ""
