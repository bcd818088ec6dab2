"""People who sign in: passwords, server-side sessions, invitations and resets, tokens of posts."""
