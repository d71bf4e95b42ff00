"""The checked-in contract, as it lies in the repository."""

from datetime import UTC, datetime
from typing import Literal

from checks.gates.contract import ContractError, Wanted, read_contract
from checks.wire.github.asking import show
from fixtures.github.ways import import_client
from fixtures.repositories import Source
from fixtures.repositories.trees import open_tree
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import Vantage
from reports.codec import observation


@observation
class Contract:
    """The contexts that a branch is to require."""

    kind: Literal["gates-contract"] = "gates-contract"
    path: str
    commit: str | None
    wanted: tuple[Wanted, ...]
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.path}: {', '.join(map(str, self.wanted))}"


@observation
class NoContract:
    """There is no such file, or it is no contract."""

    kind: Literal["gates-no-contract"] = "gates-no-contract"
    path: str
    why: str
    at: datetime

    @property
    def headline(self) -> str:
        return self.why


@prepared_by(import_client)
@by_hand(show)
async def read_contract_file(
    source: Source, vantage: Vantage, path: str, *, deadline: float
) -> Contract | NoContract:
    """Read the contract of a repository."""
    tree = await open_tree(source, vantage, deadline=deadline)
    content = await tree.read(path, deadline=deadline)
    at = datetime.now(UTC)
    if content is None:
        return NoContract(path=path, why=f"{tree.described} has no file {path}", at=at)
    try:
        wanted = read_contract(content, path)
    except ContractError as error:
        return NoContract(path=path, why=str(error), at=at)
    return Contract(path=path, commit=tree.commit, wanted=wanted, at=at)
