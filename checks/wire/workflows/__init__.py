"""Workflow files of GitHub Actions: read with their places, and expanded as far as is known."""
