"""Labels of states and kinds in the words of law and office, beside the English identifiers."""
