"""Places since 1 July 2025, found however they are typed."""

import subprocess
import sys

import pytest

from quiz.accounts import places
from quiz.accounts.places import HOME_PROVINCE, PlaceRefusal
from quiz.errors import Refusal


def test_there_are_34_provinces_in_the_order_people_look_for_them():
    names = list(places.provinces().values())
    assert len(names) == 34
    assert names.index("Thành phố Hà Nội") < names.index("Thành phố Hồ Chí Minh") < names.index("Hưng Yên")
    assert places.provinces()[HOME_PROVINCE] == "Tây Ninh"


def test_tay_ninh_has_96_communes_and_wards():
    names = set(places.wards(HOME_PROVINCE).values())
    assert len(names) == 96
    assert {"Phường Tân Ninh", "Xã Bến Cầu"} <= names


@pytest.mark.parametrize(
    "typed", ["Xã Bến Cầu", "bến cầu", "ben cau", "XA BEN CAU", "Bến  Cầu", "xã Bến Cầu, tỉnh Tây Ninh"]
)
def test_a_commune_is_found_with_and_without_diacritics(typed):
    place = places.find_ward(HOME_PROVINCE, typed)
    assert (place.ward, place.name) == ("Xã Bến Cầu", "Xã Bến Cầu, tỉnh Tây Ninh")


def test_a_city_is_not_called_a_province():
    assert places.find_ward(1, "hoan kiem").name == "Phường Hoàn Kiếm, thành phố Hà Nội"


def test_two_communes_of_one_plain_name_need_their_diacritics():
    with pytest.raises(Refusal) as refusal:
        places.find_ward(HOME_PROVINCE, "tan thanh")
    assert refusal.value.reason is PlaceRefusal.SEVERAL_WARDS
    assert "Xã Tân Thạnh" in refusal.value.details["names"]
    assert "Xã Tân Thành" in refusal.value.details["names"]
    assert places.find_ward(HOME_PROVINCE, "Tân Thạnh").ward == "Xã Tân Thạnh"


@pytest.mark.parametrize("typed", ["ben cuu", "bến cầuu", "Xã Bến"])
def test_a_near_miss_suggests(typed):
    with pytest.raises(Refusal) as refusal:
        places.find_ward(HOME_PROVINCE, typed)
    assert refusal.value.reason is PlaceRefusal.UNKNOWN_WARD_LIKE
    assert "Xã Bến Cầu" in refusal.value.details["names"]


def test_a_place_of_another_province_is_not_found():
    with pytest.raises(Refusal) as refusal:
        places.find_ward(HOME_PROVINCE, "Hoàn Kiếm")
    assert refusal.value.reason in (PlaceRefusal.UNKNOWN_WARD, PlaceRefusal.UNKNOWN_WARD_LIKE)
    with pytest.raises(Refusal) as refusal:
        places.find_ward(999, "Hoàn Kiếm")
    assert refusal.value.reason is PlaceRefusal.UNKNOWN_PROVINCE


def test_every_commune_is_found_by_its_own_name():
    for province in places.provinces():
        for code, name in places.wards(province).items():
            assert places.find_ward(province, name).ward_code == code


def test_codes_that_ended_are_no_place():
    assert places.place(HOME_PROVINCE, 1) is None
    assert places.place(999, 1) is None


def test_the_package_is_read_only_when_a_place_is_asked_for():
    code = "import sys, quiz.accounts.places; sys.exit('vietnam_provinces' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
