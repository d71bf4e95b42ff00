"""Where a lane comes from: the branch, the snapshots of it, and the commit that is to be proved."""
