"""One bad profile for each rejected setting, named for its fault."""

from pathlib import Path

import pytest

from config.loading import load
from config.mistakes import ProfileError
from tests.config.faults_of_lanes import FAULTS_OF_LANES

BAD = Path(__file__).parent / "bad"

# The file; line, column and field of its mistake; and words that its message must have.
FAULTS = [
    ("absent_and_more", "4:26", "hosts.path", "nothing else may stand beside absent"),
    ("absent_misspelt", "4:11", "endpoints[0].http", "did you mean 'absent'?", "{absent: REASON}"),
    ("absent_without_reason", "4:17", "hosts.absent", "text that is not empty"),
    ("anchor_in_itself", "3:5", "endpoints[0]", "&loop contains itself"),
    ("authority_no_pem", "2:15", "authorities[0]", "holds no certificate", "PEM file"),
    ("authority_not_there", "2:15", "authorities[0]", "no-such.pem", "No such file"),
    ("bad_cidr", "3:5", "forbidden[0]", "'11.2.0.12/8'", "has host bits set", "192.0.2.0/24"),
    ("bad_duration", "2:18", "deadlines.tls", "'10 seconds'", "500ms, 10s, 5m, 2h or 14d"),
    ("bad_nameserver", "2:15", "nameservers[0]", "'resolver.example'", "9.9.9.9:53"),
    ("bad_nameserver_port", "2:15", "nameservers[0]", "'9.9.9.9:99999'", "[2620:fe::fe]:53"),
    ("bad_protocol", "4:20", "endpoints[0].tls.minimum", "'TLSv1.1'", "'TLSv1.2' or 'TLSv1.3'"),
    ("bare_rate", "6:41", "endpoints[0].capacity.download.at_least", "70000bit/s", "2Mbit/s"),
    ("block_without_names", "5:48", "hosts.block.names", "an empty list", "at least one item"),
    ("boolean_for_text", "1:7", "name", "true stands here", "in quotes it is text"),
    (
        "capacity_of_nothing",
        "5:15",
        "endpoints[0].capacity",
        "download, upload, long_poll or clone",
    ),
    ("duplicate_key", "5:5", "endpoints[0]", "the key 'port' stands here again, after line 4"),
    ("empty", "1:1", "", "the file is empty", "a mapping"),
    ("endpoint_twice", "4:11", "endpoints[1].host", "'GitHub.com'", "each host and port once"),
    ("escaped_control_character", "2:14", "description", "control character"),
    ("exploding_anchors", "6:44", "e[10]", "more than 100000 values"),
    ("impossible_samples", "4:14", "endpoints[0].samples", "at_least is 4", "the count of 3"),
    ("samples_too_long", "5:22", "endpoints[0].samples.count", "20 attempts may take 43 s"),
    (
        "hosted_labels_unknown",
        "5:54",
        "repositories[0].labels.hosted_labels",
        "'gitlab'",
        "there is no such list below config/hosted: github",
    ),
    (
        "runner_host_elsewhere",
        "8:34",
        "repositories[0].labels.hosts[0].vantage",
        "'nowhere'",
        "did you mean 'here'?",
    ),
    (
        "runner_version_unquoted",
        "8:28",
        "repositories[0].labels.releases[0].version",
        "the number 2.33",
        "in quotation marks",
    ),
    (
        "temporary_without_date",
        "5:53",
        "repositories[0].workflows.temporary",
        "needs a group (?P<until>",
    ),
    (
        "workflow_not_a_file",
        "5:53",
        "repositories[0].workflows.required[0]",
        "'ci'",
        "such as ci.yml",
    ),
    ("infinity", "2:18", "deadlines.tls", "'.inf'", "a duration"),
    ("kind_of_vantage_misspelt", "3:26", "vantages[0].kind", "'podmann'", "mean 'podman'?"),
    ("issuer_of_every_name", "4:21", "endpoints[0].tls.issuers[0]", "'O='", "Sectigo Limited"),
    ("issuers_not_a_list", "4:20", "endpoints[0].tls.issuers", "'Sectigo'", "a list (of a part of"),
    ("key_not_text", "2:3", "", "this key is not text", "the name of a field"),
    ("list_at_the_top", "1:1", "", "a list stands here", "a mapping with the fields name,"),
    ("merge_of_no_mapping", "3:10", "endpoints[0]", "<< merges is no mapping"),
    ("missing_area", "1:1", "hosts", "this field is missing", "{absent: REASON}"),
    ("missing_field", "3:5", "endpoints[0].host", "this field is missing", "a host name"),
    (
        "namespace_in_capitals",
        "3:64",
        "vantages[0].namespace",
        "'CI' stands here; allowed: a name of lower-case letters, digits and dashes, or null",
    ),
    ("network_as_number", "2:13", "forbidden[0]", "the number 11", "an address or a network"),
    ("no_endpoints", "2:12", "endpoints", "would prove nothing", "{absent: REASON}"),
    ("no_issuers", "4:20", "endpoints[0].tls.issuers", "an empty list", "at least one item"),
    ("no_status", "4:30", "endpoints[0].http[0].status", "an empty list", "at least one item"),
    ("not_a_number", "2:18", "deadlines.tls", "'.nan'", "a duration"),
    ("not_yaml", "3:6", "", "this is not YAML", "',' or ']'"),
    ("null_for_text", "1:6", "name", "nothing stands here", "a name of letters"),
    ("number_for_text", "1:7", "name", "the number 267", "in quotes it is text"),
    ("pod_in_no_way", "3:5", "vantages[0]", "exactly one way: pod or selector"),
    ("pod_in_two_ways", "3:5", "vantages[0]", "exactly one way: pod or selector"),
    ("pod_name_in_capitals", "3:43", "vantages[0].pod", "'Runner_0'", "lower-case letters"),
    ("pod_of_compose", "3:53", "vantages[0].compose", "fields here are name, kind, pod, selector,"),
    ("pod_that_is_an_option", "3:43", "vantages[0].pod", "'--all-namespaces'", "digits, dashes"),
    ("pod_with_a_token", "3:53", "vantages[0].token", "no field has this name", "kubeconfig"),
    ("port_too_high", "4:11", "endpoints[0].port", "65536", "a whole number from 1 to 65535"),
    (
        "proxy_of_another_kind",
        "2:14",
        "https_proxy",
        "'socks5://proxy.example:1080'",
        "http://HOST",
    ),
    ("poll_without_unit", "6:39", "endpoints[0].capacity.long_poll.lasts", "write 50s for seconds"),
    ("proxy_over_tls", "2:14", "https_proxy", "asked over TLS", "name its http port"),
    ("proxy_with_a_name", "2:14", "https_proxy", "in the environment alone", "a password"),
    ("proxy_with_a_path", "2:14", "https_proxy", "proxy.example:3128/a'", "http://HOST:PORT"),
    ("proxy_without_a_port", "2:14", "https_proxy", "its port is missing", "curl and git", "1080"),
    ("range_without_ranges", "4:14", "endpoints[0].ranges[0]", "'web'", "it names none"),
    ("ranges_not_a_name", "2:9", "ranges", "a mapping stands here", "github or lab, or a path"),
    ("relative_hosts_path", "4:15", "hosts.path", "'etc/hosts'", "an absolute path"),
    ("secret_as_variable", "6:24", "secrets[0].env", "the name of an environment variable"),
    ("secret_by_shape", "2:3", "", "the shape of a secret", "env or file"),
    ("secret_in_url", "2:24", "", "the shape of a secret", "env or file"),
    ("secret_value", "6:19", "secrets[0].value", "does not belong in a profile", "env or file"),
    ("secret_with_two_sources", "6:5", "secrets[0]", "exactly one source: env or file"),
    ("secret_without_source", "6:5", "secrets[0]", "exactly one source: env or file"),
    ("selector_that_is_an_option", "3:48", "vantages[0].selector", "such as app=runner"),
    ("several_documents", "5:1", "", "a second document begins here"),
    ("ssh_host_that_is_an_option", "3:34", "vantages[0].host", "a host as ssh takes it"),
    ("rate_without_unit", "6:41", "endpoints[0].capacity.download.at_least", "70kbit/s, 2Mbit/s"),
    ("tabs", "3:1", "", "a tab stands here", "spaces"),
    ("trusted_resolver_by_name", "3:28", "trusted_resolvers[0].address", "'dns.quad9.net'"),
    ("trusted_resolver_in_plain", "3:42", "trusted_resolvers[0].url", "no https:// URL"),
    ("trusted_resolver_twice", "4:12", "trusted_resolvers[1].name", "'quad9' stands here a second"),
    ("trusted_resolver_without_a_way", "3:5", "trusted_resolvers[0]", "in one way or both"),
    ("unknown_alias", "2:12", "endpoints", "*all has no anchor"),
    ("unknown_field", "2:1", "descripton", "no field has this name", "mean 'description'?"),
    ("unknown_kind_of_vantage", "3:26", "vantages[0].kind", "'loacl'", "mean 'local'?"),
    ("unknown_nameserver_word", "2:14", "nameservers", "mean 'configured'?", "{absent: REASON}"),
    (
        "unknown_nested_field",
        "4:5",
        "endpoints[0].prot",
        "mean 'port'?",
        "the fields here are host",
    ),
    ("unknown_range", "5:14", "endpoints[0].ranges[0]", "mean 'web'?", "'web', 'api' or 'git'"),
    ("unknown_ranges", "2:9", "ranges", "mean 'github'?", "github or lab, or a path"),
    ("unknown_vantage", "6:16", "endpoints[0].vantages[0]", "mean 'runner'?", "'runner'"),
    ("unknown_vantage_of_hosts", "6:14", "hosts.vantages[0]", "mean 'here'?", "'here'"),
    ("url_for_host", "3:11", "endpoints[0].host", "'https://github.com/'", "without https://"),
    ("vantage_in_two_ways", "3:5", "vantages[0]", "exactly one way: container or compose"),
    (
        "vantage_of_another_kind",
        "3:34",
        "vantages[0].namespace",
        "the fields here are name, container, compose and kind",
    ),
    ("vantage_twice", "4:12", "vantages[1].name", "'runner' stands here a second time"),
    ("vantage_without_container", "3:5", "vantages[0]", "exactly one way: container or compose"),
    ("vantage_without_namespace", "3:5", "vantages[0].namespace", "this field is missing"),
    ("waiver_until_no_day", "6:68", "waivers[0].until", "'2026-02-30'", "2027-01-31"),
    ("waiver_without_end", "6:5", "waivers[0].until", "this field is missing", "2027-01-31"),
    ("wrong_type", "4:11", "endpoints[0].port", "'https'", "a whole number from 1 to 65535"),
    ("yaml_1_1_boolean", "2:12", "in_flight", "the text 'on'", "a whole number from 1 to 4096"),
    *FAULTS_OF_LANES,
    ("zero_duration", "2:18", "deadlines.tls", "'0s'", "a duration"),
]
# Here one fault is wrong in two ways.
DOUBLE = [
    ("merged_typo", ("5:5", "endpoints[0].prot"), ("5:5", "endpoints[1].prot")),
    ("tag", ("1:7", "name"), ("1:7", "name")),
]


def mistakes(path: Path) -> ProfileError:
    with pytest.raises(ProfileError) as caught:
        load(str(path))
    return caught.value


@pytest.mark.parametrize(("name", "place", "field", "words"), [(*f[:3], f[3:]) for f in FAULTS])
def test_a_mistake_is_told_with_its_place_its_field_and_what_may_stand_there(
    name: str, place: str, field: str, words: tuple[str, ...]
) -> None:
    error = mistakes(BAD / f"{name}.yaml")

    (mistake,) = error.mistakes
    assert (f"{mistake.place.line}:{mistake.place.column}", mistake.path) == (place, field)
    assert str(mistake.place).endswith(f"tests/config/bad/{name}.yaml:{place}")
    message = str(error)
    assert message.startswith(str(mistake.place))
    assert "\n" not in message
    assert [word for word in words if word not in message] == []


@pytest.mark.parametrize(("name", "expected"), [(one[0], one[1:]) for one in DOUBLE])
def test_a_fault_may_be_two_mistakes(name: str, expected: tuple[tuple[str, str], ...]) -> None:
    found = mistakes(BAD / f"{name}.yaml").mistakes

    assert tuple((f"{one.place.line}:{one.place.column}", one.path) for one in found) == expected


def test_every_bad_profile_has_its_test() -> None:
    assert {path.stem for path in BAD.iterdir()} == {row[0] for row in (*FAULTS, *DOUBLE)}


@pytest.mark.parametrize("name", ["secret_value", "secret_as_variable", "secret_in_url"])
def test_a_secret_that_was_written_into_a_profile_is_not_repeated(name: str) -> None:
    error = mistakes(BAD / f"{name}.yaml")

    assert "hunter2" in (BAD / f"{name}.yaml").read_text()
    assert "hunter2" not in str(error)


def test_a_token_in_a_comment_is_not_repeated() -> None:
    assert "ghp_" not in str(mistakes(BAD / "secret_by_shape.yaml"))


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    profile = tmp_path / "three.yaml"
    profile.write_text(
        "name: three\n"
        "descripton: x\n"
        "vantages: [{name: host}]\n"
        "endpoints:\n"
        "  - {host: github.com, port: 0, vantages: [hots]}\n"
        "hosts: {absent: not looked at}\n"
        "hosts: {absent: not looked at}\n"
    )

    error = mistakes(profile)

    assert [(one.place.line, one.path) for one in error.mistakes] == [
        (2, "descripton"),
        (5, "endpoints[0].port"),
        (5, "endpoints[0].vantages[0]"),
        (7, ""),
    ]
    first, *lines = str(error).splitlines()
    assert first == "the profile has 4 mistakes:"
    assert [line.partition(": ")[0] for line in lines] == [
        f"{profile}:{place}" for place in ("2:1", "5:30", "5:44", "7:1")
    ]


def test_a_flood_of_mistakes_is_cut_off(tmp_path: Path) -> None:
    profile = tmp_path / "flood.yaml"
    profile.write_text("".join(f"field_{number}: x\n" for number in range(500)))

    lines = str(mistakes(profile)).splitlines()

    assert lines[0] == "the profile has 503 mistakes:"
    assert lines[-1] == "… and 478 more"
    assert len(lines) == 27
