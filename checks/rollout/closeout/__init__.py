"""The closeout of a lane's rollout: the facts that it has to state, each from its own source."""
