"""What answers led to: improvement projects and administrative actions, each with the folios that it comes from."""
