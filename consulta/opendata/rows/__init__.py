"""Where the rows of each dataset come from."""
