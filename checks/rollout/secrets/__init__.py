"""A lane's Secrets: that they are there, and nowhere else."""
