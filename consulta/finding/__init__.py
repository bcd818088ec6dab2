"""What is public, put where it can be found: the index follows the public record, and every hit is checked again."""
