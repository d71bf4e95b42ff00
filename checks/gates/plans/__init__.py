"""Plan documents in Markdown: what they cite as evidence, and what they promise."""
