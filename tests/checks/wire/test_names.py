import asyncio

from checks.wire.names import Answer, NoAnswer, ask_system
from fixtures.sightings import Sighting
from fixtures.vantages.local import Local
from reports.codec import decode, encode


def ask(name: str, deadline: float = 10) -> Answer | NoAnswer:
    seen = asyncio.run(ask_system(name, Local(), deadline=deadline))
    assert decode(encode(seen)) == seen
    return seen


def test_an_answer_has_the_addresses_and_their_source() -> None:
    seen = ask("localhost")

    assert isinstance(seen, Answer)
    assert seen.source == "hosts-file"
    assert set(seen.addresses) <= {"127.0.0.1", "::1"}
    assert seen.headline.startswith("localhost: ")


def test_a_negative_answer_keeps_the_resolvers_word() -> None:
    seen = ask("two..dots")

    assert isinstance(seen, NoAnswer)
    assert seen.code == "EAI_NONAME"
    assert seen.headline == f"two..dots: EAI_NONAME: {seen.text}"


def test_silence_until_the_deadline_is_a_negative_answer() -> None:
    seen = ask("localhost", deadline=0)

    assert isinstance(seen, NoAnswer)
    assert (seen.code, seen.text) == ("timeout", "no answer within 0 s")


def test_the_command_by_hand_asks_the_same_resolver() -> None:
    assert Sighting(ask_system, "a.test", "here").by_hand == "getent ahosts a.test"
