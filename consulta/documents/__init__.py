"""Documents under consultation: versioned, readable as pages with an anchor per article."""
