"""A host whose VPN carries 1420 bytes, and a container on it, which was left at 1500."""

import io
import tarfile
from pathlib import Path

from tests.incidents.worlds import run_there
from tests.needs import need, need_root_namespace
from tests.program import Ended
from tests.stand_in_sites import WEB
from tests.stand_ins import LOCALHOST, Internet, make_identity, with_internet

NAME = "container-mtu"
CARRIED, ASSUMED = 1420, 1500
_CONTAINERS = {
    "policy.json": '{"default": [{"type": "insecureAcceptAnything"}]}',
    "storage.conf": """\
[storage]
driver = "vfs"
graphroot = "/mnt/containers"
runroot = "/run/containers"
""",
    "containers.conf": """\
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "none"
tmp_dir = "/run/libpod"
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
""",
}
"""Podman's own, so that it knows nothing of the machine's containers, nor they of this one."""
_CONTAINER = """\
mount -t proc none /proc # of the processes that are here, as the engine counts them
for one in /run /dev/shm; do mount -t tmpfs none $one; done
{podman} import --quiet /mnt/image.tar localhost/runner:1 >/dev/null
{podman} run --detach --name runner --network none --no-hosts \\
  --volume /usr:/usr:ro --volume /mnt/etc/resolv.conf:/etc/resolv.conf:ro \\
  localhost/runner:1 /usr/bin/sleep 600 >/dev/null
mkdir /run/netns
ip netns attach runner $({podman} inspect --format '{{{{.State.Pid}}}}' runner)
"""
_NETWORK = """\
for one in gateway host; do ip netns add $one; ip -n $one link set lo up; done
link() {{ # between two places: an interface and its address in each, and what it carries
  ip -n $1 link add $2 type veth peer name $5 netns $4
  ip -n $1 address add $3 dev $2; ip -n $1 link set $2 mtu $7 up
  ip -n $4 address add $6 dev $5; ip -n $4 link set $5 mtu $7 up
}}
ip link add isp type veth peer name wan netns gateway
ip address add 198.51.100.1/30 dev isp
ip -n gateway address add 198.51.100.2/30 dev wan
ip link set isp up
ip -n gateway link set wan up
link gateway tunnel 10.8.0.1/24 host vpn0 10.8.0.2/24 {carried}
link host podman0 10.88.0.1/16 runner eth0 10.88.0.2/16 {assumed}
ip route add 10.8.0.0/24 via 198.51.100.2
ip route add 10.88.0.0/16 via 198.51.100.2
ip -n gateway route add 10.88.0.0/16 via 10.8.0.2
ip -n gateway route add default via 198.51.100.1
ip -n host route add default via 10.8.0.1
ip -n runner route add default via 10.88.0.1
for one in gateway host; do
  # It forwards, and says nothing of what is too large for the tunnel.
  nsenter --net=/run/netns/$one sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
  nsenter --net=/run/netns/$one {nft} -f - <<QUIET
    table ip quiet {{
      chain out {{
        type filter hook output priority 0
        icmp type destination-unreachable drop
      }}
    }}
QUIET
done
{mend}
"""
_RUN = """\
set -eu
{steps}
set +e
nsenter --net=/run/netns/host unshare --mount --uts sh -ec '
  hostname runner-host
  # The interfaces that /sys has are those of the network in which it was mounted.
  mkdir -p /mnt/cgroup
  mount --rbind /sys/fs/cgroup /mnt/cgroup
  mount -t sysfs none /sys
  mount --rbind /mnt/cgroup /sys/fs/cgroup
  exec "$@"' sh "$@"
ended=$?
{podman} rm --force --time 0 runner >/dev/null
exit $ended
"""
_LINKS = {name: f"usr/{name}" for name in ("bin", "sbin", "lib", "lib64")}


def happen(folder: Path) -> dict[str, Ended]:
    """Run the checks from both, with the container's MTU as it was and as it has to be."""
    host = folder / "host"
    names = {"github.com": WEB}
    apart, identity = need_root_namespace(), make_identity()
    within = with_internet(host, identity, Internet(answers=names, served=names), apart=apart)
    _prepare_engine(host, identity.authority)
    tools = {tool: need(tool) for tool in ("nft", "podman")}
    ended = {}
    for run, mend in (
        ("broken", ""),
        ("mended", f"ip -n runner link set dev eth0 mtu {CARRIED}"),
    ):
        steps = (_CONTAINER + _NETWORK).format(carried=CARRIED, assumed=ASSUMED, mend=mend, **tools)
        there = (*within, "sh", "-c", _RUN.format(steps=steps, **tools), "sh")
        ended[run] = run_there(host, there, NAME, "-m", "network")
    return ended


def _prepare_engine(host: Path, authority: bytes) -> None:
    """Write the engine's configuration, and an image: a tree that is given this machine's /usr."""
    need("runc")
    etc = host / "etc" / "containers"
    etc.unlink(missing_ok=True)
    etc.mkdir()
    for name, text in _CONTAINERS.items():
        (etc / name).write_text(text)
    files = {
        "etc/hosts": LOCALHOST.encode(),
        "etc/nsswitch.conf": b"hosts: files dns\n",
        "etc/ssl/certs/ca-certificates.crt": authority,
    }
    with tarfile.open(host / "image.tar", "w") as image:
        for name in ("usr", "proc", "dev", "sys", "tmp", "run"):
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            image.addfile(entry)
        for name, leads in _LINKS.items():
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = tarfile.SYMTYPE, leads
            image.addfile(entry)
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o644
            image.addfile(entry, io.BytesIO(content))
