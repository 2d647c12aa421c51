"""Settings come from the environment; a start that lacks some names all of them at once."""

import pytest

from quiz.settings import BadSettings, Settings

NEEDED = {"QUIZ_SECRET_KEY": "x", "QUIZ_DATABASE_URL": "sqlite://", "QUIZ_BASE_URL": "https://thi.example.gov.vn/"}


def test_every_missing_and_unreadable_variable_is_named():
    with pytest.raises(BadSettings) as error:
        Settings.from_environment({"QUIZ_BASE_URL": " ", "QUIZ_BOARD_EVERY_S": "often", "QUIZ_DEMO": "maybe"})
    for name in ("QUIZ_SECRET_KEY", "QUIZ_DATABASE_URL", "QUIZ_BASE_URL", "QUIZ_BOARD_EVERY_S", "QUIZ_DEMO"):
        assert name in str(error.value)


def test_types_and_defaults():
    settings = Settings.from_environment(NEEDED | {"QUIZ_SECURE_COOKIES": "no", "QUIZ_TRUSTED_PROXIES": "1"})
    assert settings.base_url == "https://thi.example.gov.vn"
    assert (settings.secure_cookies, settings.trusted_proxies, settings.demo) == (False, 1, False)


def test_a_mail_server_needs_an_address_to_write_from():
    with pytest.raises(BadSettings, match=r"QUIZ_SMTP_FROM.*QUIZ_SMTP_SECURITY"):
        Settings.from_environment(NEEDED | {"QUIZ_SMTP_HOST": "mail.example.vn", "QUIZ_SMTP_SECURITY": "ssl"})
