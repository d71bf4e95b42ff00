"""Finding a few among very many: as a walk over all would, and each asked once for its key."""

from operator import itemgetter

from checks.wire.indexing import those_of

_PLACE = itemgetter(0)


def test_those_of_a_key_are_found_in_their_order() -> None:
    items = (("a", 1), ("b", 2), ("a", 3))

    assert those_of(items, _PLACE, "a") == (("a", 1), ("a", 3))
    assert those_of(items, _PLACE, "c") == ()


def test_each_is_asked_once_however_many_ask() -> None:
    asked: list[str] = []

    def key(item: str) -> str:
        asked.append(item)
        return item

    items = ("a", "b")
    assert [those_of(items, key, one) for one in "aab"] == [("a",), ("a",), ("b",)]
    assert asked == ["a", "b"]


def test_another_sequence_of_equal_items_is_sorted_out_for_itself() -> None:
    first, second = (["x"],), (["x"],)

    assert those_of(first, _PLACE, "x")[0] is first[0]
    assert those_of(second, _PLACE, "x")[0] is second[0]
