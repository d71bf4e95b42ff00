"""The plugins of the suite."""

pytest_plugins = ["reports.plugin", "fixtures.profile", "fixtures.judging"]
