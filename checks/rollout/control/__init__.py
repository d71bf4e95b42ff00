"""The control plane: what builds a lane and rolls it out, beside what it is rendered from."""
