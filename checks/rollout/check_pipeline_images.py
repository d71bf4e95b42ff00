"""The images that builds stand on, and the proxy that they fetch through, as tools tell of them."""

from checks.rollout.failures import Failure
from checks.rollout.pipeline.judging import listed
from checks.rollout.pipeline.telling import clients_of
from checks.rollout.pipeline.tools import ToolsStored
from checks.rollout.told.fields import MISSING, dig, items_at, required, shown, text_at, truth_at
from checks.rollout.told.seen import Told
from config.lanes import Lane
from config.lanes.catalog import Registry
from config.lanes.pipeline import Benchmark, Pipeline
from reports.verdicts import Inconclusive, Remark, expected, fails_as


@fails_as(Failure.BASE_IMAGE_MISSING)
def check_base_image_is_in_the_registry(
    lane: Lane,
    pipeline: Pipeline,
    told_runtime_image: Told,
    base_beside: ToolsStored,
    remark: Remark,
) -> None:
    path = pipeline.told.registry_tag
    there = required(told_runtime_image, path, truth_at(told_runtime_image, path))
    word = f"{told_runtime_image.worded}, {path} is {there.raw}"
    assert there.holds is True, expected(
        f"{path} to be true",
        saw=word,
        mend=lane.next_for(Failure.BASE_IMAGE_MISSING, "pipeline"),
    )
    assert not base_beside.missing, expected(
        f"the same of {base_beside.registry} as the tool tells",
        saw=[word, *base_beside.missing],
        mend=lane.next_for(Failure.BASE_IMAGE_MISSING, "pipeline"),
    )
    remark(_borne_out(word, base_beside))


@fails_as(Failure.BASE_IMAGE_MISSING)
def check_base_image_is_of_a_public_source(
    *,
    lane: Lane,
    pipeline: Pipeline,
    told_runtime_image: Told,
    pipeline_registry: Registry,
    remark: Remark,
) -> None:
    told, word = told_runtime_image, told_runtime_image.worded
    image, of = pipeline.told.base_image, pipeline.told.base_source
    own, source = (required(told, path, text_at(told, path)) for path in (image, of))
    name = pipeline_registry.name or pipeline_registry.url.partition("://")[2].rstrip("/")
    wrong = []
    if not own.startswith(f"{name}/"):
        wrong.append(f"{word}, {image} is {own}: not of {name}")
    if source.startswith(f"{name}/"):
        wrong.append(f"{word}, {of} is {source}: the node's own")
    if pipeline_registry.bases and source not in pipeline_registry.bases:
        wrong.append(f"{word}, {of} is {source}: undeclared")
    assert not wrong, expected(
        f"a base image in {name}, of a public source that is declared",
        saw=wrong,
        mend=lane.next_for(Failure.BASE_IMAGE_MISSING, "pipeline"),
    )
    remark(f"{word}, {own} is of {source}")


@fails_as(Failure.UNDECLARED_BASE_IMAGE)
def check_nothing_blocks_the_base_image(
    lane: Lane, pipeline: Pipeline, told_runtime_image: Told, remark: Remark
) -> None:
    path = pipeline.told.blockers
    blockers = required(told_runtime_image, path, items_at(told_runtime_image, path))
    assert blockers == [], expected(
        f"{path} to be empty: every image that is pulled has a public source in the YAML",
        saw=[f"{told_runtime_image.worded}: {shown(one)}" for one in blockers],
        mend=lane.next_for(Failure.UNDECLARED_BASE_IMAGE, "pipeline"),
    )
    remark(f"{told_runtime_image.worded}, {path} is empty")


@fails_as(Failure.TOOLS_IMAGE_MISSING)
def check_tools_image_is_in_the_registry(
    lane: Lane,
    pipeline: Pipeline,
    told_tools_image: Told,
    tools_beside: ToolsStored,
    remark: Remark,
) -> None:
    path = pipeline.told.registry_tag
    there = required(told_tools_image, path, truth_at(told_tools_image, path))
    word = f"{told_tools_image.worded}, {path} is {there.raw}"
    assert there.holds is True, expected(
        f"{path} to be true",
        saw=word,
        mend=lane.next_for(Failure.TOOLS_IMAGE_MISSING, "pipeline"),
    )
    assert not tools_beside.missing, expected(
        f"the same of {tools_beside.registry} as the tool tells",
        saw=[word, *tools_beside.missing],
        mend=lane.next_for(Failure.TOOLS_IMAGE_MISSING, "pipeline"),
    )
    remark(_borne_out(word, tools_beside))


@fails_as(Failure.PROXY_CLAIM_UNPROVEN)
def check_speed_of_the_proxy_is_proved(
    *, lane: Lane, pipeline: Pipeline, benchmark: Benchmark, told_egress_proxy: Told, remark: Remark
) -> None:
    fields = pipeline.told
    clients = clients_of(told_egress_proxy, fields)
    total = dig(told_egress_proxy, fields.proxy_total)
    wrong = [f"{name}: no {fields.proxy_rate}" for name, rate in clients if _is_empty(rate)]
    if not clients:
        wrong.append(f"no client in {fields.proxy_clients}")
    if _is_empty(total):
        wrong.append(f"no {fields.proxy_total}")
    assert not wrong, expected(
        f"the rate of each client and the total of the window, beside the benchmark of"
        f" {listed(benchmark.services)}",
        saw=[f"{told_egress_proxy.worded}: {one}" for one in wrong],
        mend=lane.next_for(Failure.PROXY_CLAIM_UNPROVEN, "pipeline"),
    )
    if told_egress_proxy.status:
        raise Inconclusive(f"{told_egress_proxy.worded}, and it failed", "run it by hand")
    rates = ", ".join(f"{name} {shown(rate)}" for name, rate in clients)
    remark(f"{told_egress_proxy.worded}, {rates}; in all {shown(total)}")


def _borne_out(word: str, stored: ToolsStored) -> str:
    """Return a tool's word with what the registry shows; raises `Inconclusive` where that is none.

    Only of a lane without a registry the word stands alone, and is said to.
    """
    if stored.tools:
        return f"{word}; {stored.headline}"
    if not stored.registry:
        return f"{word}, and the lane has no registry to ask"
    raise Inconclusive(
        f"{word}; it is not known by which name to ask {stored.registry} for it",
        "let the tool tell the image's name, or name it in `tools` of the lane's registry",
    )


def _is_empty(value: object) -> bool:
    return value is MISSING or value is None or value == ""


@fails_as(Failure.TOOLS_IMAGE_MISSING)
def check_images_that_builds_stand_on_are_in_the_registry(
    lane: Lane, tools_stored: ToolsStored
) -> None:
    missing = tools_stored.missing
    assert not missing, expected(
        f"{listed(one.name for one in tools_stored.tools)} in {tools_stored.registry}",
        saw=missing,
        mend=lane.next_for(Failure.TOOLS_IMAGE_MISSING, "pipeline"),
    )
