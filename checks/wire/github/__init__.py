"""What GitHub's API says of a repository, looked at by probes that areas share."""
