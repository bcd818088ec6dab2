"""Campaigns in the open: groups of alike comments, proposed by machine, decided by a person, never weighted."""
