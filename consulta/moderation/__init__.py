"""Review of texts before they are public: published, or withheld with a reason. Never edited, never deleted."""
