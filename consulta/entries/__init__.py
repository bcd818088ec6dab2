"""What agencies hand in before a window opens: entries, who has not delivered, reminders."""
