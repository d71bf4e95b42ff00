"""What a lane's secrets hold is right, as far as it can be told without telling it."""

from checks.rollout.failures import Failure
from checks.rollout.secrets.seen import ConfigCompared, DsnSeen
from config.lanes import Lane
from config.lanes.secrets import Dsn
from reports.verdicts import Inconclusive, NotApplicable, expected, fails_as

_NODE = "secrets"


@fails_as(Failure.DSN_WRONG_DB)
def check_dsn_names_its_database(lane: Lane, dsn: Dsn, dsn_seen: DsnSeen) -> None:
    right = dsn_seen.names_database
    if right is None:
        raise Inconclusive(
            f"where the password of {dsn.secret} ends, and the database begins, cannot be told",
            "see check_dsn_has_its_password_encoded",
        )
    mend = lane.next_for(str(Failure.DSN_WRONG_DB), _NODE)
    what = f"the connection string {dsn.secret} to name the database {dsn.database}"
    assert right, expected(what, f"{dsn_seen.fingerprint} names another", mend=mend)


@fails_as(Failure.DSN_NOT_ENCODED)
def check_dsn_has_its_password_encoded(lane: Lane, dsn: Dsn, dsn_seen: DsnSeen) -> None:
    encoded = dsn_seen.encoded
    if encoded is None:
        raise NotApplicable(f"the connection string {dsn.secret} has no password")
    mend = lane.next_for(str(Failure.DSN_NOT_ENCODED), _NODE)
    what = f"the password of {dsn.secret} to be percent-encoded (RFC 3986)"
    assert encoded, expected(
        what, f"{dsn_seen.fingerprint} has characters that have to be encoded", mend=mend
    )


@fails_as(Failure.GLOBAL_CONFIG_COPIED)
def check_configuration_is_no_copy_of_a_private_file(
    lane: Lane, config_compared: ConfigCompared
) -> None:
    wrong = []
    if config_compared.copied:
        wrong.append(config_compared.headline)
    if config_compared.beyond:
        wrong.append(f"it has options beyond: {', '.join(config_compared.beyond)}")
    mend = lane.next_for(str(Failure.GLOBAL_CONFIG_COPIED), _NODE)
    what = f"{config_compared.secret} to be the lane's own, and no copy of {config_compared.file}"
    assert not wrong, expected(what, wrong, mend=mend)
