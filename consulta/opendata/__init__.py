"""What the public may take home: datasets as rows, streamed, under the same policy as the pages."""
