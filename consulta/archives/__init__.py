"""What is kept for the file of a case, and what is destroyed with its authorisation: evidence, holds, disposals."""
