"""Governments → agencies → units → posts, and who holds each post from when to when. Work belongs to the post."""
