"""Words that remedies share: each says at which vantage it is to be done."""

KEEP_HOSTS = "at that vantage: sudo cp -p /etc/hosts /etc/hosts.before; "
"""Before a remedy that changes the hosts file."""
PUT_HOSTS_BACK = "at that vantage: sudo cp -p /etc/hosts.before /etc/hosts"
SET_PROXY = "at that vantage, set https_proxy to one that lets it through, or no_proxy for the name"
UNSET_PROXY = "at that vantage, unset https_proxy no_proxy, or put their former values back"
