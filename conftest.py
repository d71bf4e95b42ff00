"""The plugins of the suite, in the order of the way of the data."""

pytest_plugins = [
    "reports.plugin",
    "reports.around",
    "reports.junit",
    "fixtures.lanes",
    "fixtures.profile",
    "fixtures.asked",
    "fixtures.cases",
]
