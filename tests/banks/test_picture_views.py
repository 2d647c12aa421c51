"""Pictures are there for everybody who knows their digest, and nothing else is."""

import pytest

from tests.kinds import DIGEST, PNG, paper_of_all_kinds


@pytest.fixture(autouse=True)
def picture(given):
    paper_of_all_kinds(given)


def test_a_picture_is_kept_by_browsers_for_good(visit):
    response = visit().get(f"/hinh/{DIGEST}")
    assert response.status_code == 200
    assert response.data == PNG
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    # what every browser may share must not belong to one of them
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    "digest", ["cd" * 32, DIGEST.upper(), DIGEST[:-1], DIGEST + "a", "x", f"{DIGEST}.png", "..%2f" * 9]
)
def test_nothing_else_is_a_picture(visit, digest):
    assert visit().get(f"/hinh/{digest}").status_code == 404
