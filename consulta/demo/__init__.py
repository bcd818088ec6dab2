"""The demonstration government: invented people and matters, marked as such, written through the operations."""
