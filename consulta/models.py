"""Loads every package's mapped classes, so that the metadata is whole."""

from importlib import import_module

PACKAGES = (
    "record",
    "jobs",
    "notices",
    "search",
    "accounts",
    "agencies",
    "clocks",
    "windows",
    "documents",
    "entries",
    "submissions",
    "analysis",
    "moderation",
    "referrals",
    "outcomes",
    "participation",
    "reports",
    "following",
    "hooks",
    "data_rights",
    "archives",
)


def load_models() -> None:
    """Import the models of every package."""
    for package in PACKAGES:
        import_module(f"consulta.{package}.models")
