"""A host whose VPN carries 1420 bytes, and its container, which was left at 1500."""

from pathlib import Path

from tests.incidents.worlds import named, run_there
from tests.needs import need
from tests.program import Ended
from tests.stand_in_sites import WEB
from tests.stand_ins import Internet, make_identity, with_internet

NAME = "container-mtu"
CARRIED, ASSUMED = 1420, 1500
_NETWORK = """\
mount -t tmpfs none /run
mkdir /run/netns
for one in gateway host runner; do ip netns add $one; ip -n $one link set lo up; done
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
link host docker0 172.17.0.1/16 runner eth0 172.17.0.2/16 {assumed}
ip route add 10.8.0.0/24 via 198.51.100.2
ip route add 172.17.0.0/16 via 198.51.100.2
ip -n gateway route add 172.17.0.0/16 via 10.8.0.2
ip -n gateway route add default via 198.51.100.1
ip -n host route add default via 10.8.0.1
ip -n runner route add default via 172.17.0.1
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
_INSIDE = ("ip", "netns", "exec", "host")


def happen(folder: Path) -> dict[str, Ended]:
    """Run the checks from both, with the container's MTU as it was and as it has to be."""
    host = folder / "host"
    names = {"github.com": WEB}
    within = with_internet(host, make_identity(), Internet(answers=names, served=names))
    ended = {}
    for run, mend in (
        ("broken", ""),
        ("mended", f"ip -n runner link set dev eth0 mtu {CARRIED}"),
    ):
        steps = _NETWORK.format(carried=CARRIED, assumed=ASSUMED, nft=need("nft"), mend=mend)
        there = (*named(within, "runner-host", steps), *_INSIDE)
        ended[run] = run_there(host, there, NAME, "-m", "network")
    return ended
