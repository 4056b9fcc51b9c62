"""Settings of nbval that have no option; they belong here, above tests/ and notebooks/."""

OUTPUT_SECONDS = 180


def pytest_collection_modifyitems(items):
    """Let the output of a notebook cell take its time: nbval's own limit is 5 s."""
    for item in items:
        if hasattr(item, "output_timeout"):
            item.output_timeout = OUTPUT_SECONDS
