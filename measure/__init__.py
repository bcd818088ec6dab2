"""Every figure of the issues that is no speed ratio, with n, spread and seed: `python -m measure [name]`."""
