"""The public record: every act leaves a leaf with a salted commitment. Knows no other package's rows."""
