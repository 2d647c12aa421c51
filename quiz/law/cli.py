from flask.cli import AppGroup

group = AppGroup("law")
