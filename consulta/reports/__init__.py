"""What a window leaves behind: the papers of its closing, the matrix of comments, and what is given back to people."""
