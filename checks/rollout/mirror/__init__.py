"""The git mirror between a lane's source and its pipelines."""
