import pytest

from tests.exemplars.nominees import Department


@pytest.fixture
def department(given, clock):
    """Three units with a contact and a head each, an office and a council of five at the top."""
    return Department.made(given, clock)
