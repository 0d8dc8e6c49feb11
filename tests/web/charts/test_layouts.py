"""Every department has one place, and regions are made of them."""

from parvis.web.charts import layouts


def test_all_departments_stand_once_each_at_their_own_place() -> None:
    places = layouts.FRANCE_PLACES
    mainland = {f"{number:02}" for number in range(1, 96)} - {"20"} | {"2A", "2B"}
    assert mainland <= set(places)
    assert {"971", "972", "973", "974", "976"} <= set(places)
    assert len(set(places.values())) == len(places)


def test_each_mainland_department_is_in_one_region() -> None:
    listed = [code for codes in layouts.FRENCH_REGION_OF.values() for code in codes.split()]
    assert sorted(listed) == sorted(code for code in layouts.FRANCE_PLACES if len(code) == 2)
    assert set(layouts.FRENCH_REGION_OF) <= set(layouts.FRENCH_REGION_PLACES)


def test_north_is_up_and_west_is_left() -> None:
    places = layouts.FRANCE_PLACES
    assert places["59"][1] < places["75"][1] < places["13"][1]
    assert places["29"][0] < places["75"][0] < places["67"][0]
    assert layouts.COUNTRY_PLACES["PT"][0] < layouts.COUNTRY_PLACES["FR"][0] < layouts.COUNTRY_PLACES["PL"][0]
