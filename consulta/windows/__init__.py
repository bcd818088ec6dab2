"""Instruments, consultation windows and their topics. Open, closed and upcoming are computed, never stored."""
