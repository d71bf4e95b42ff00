"""What a lane's own command lines say of it: a tool's word, never the only ground of a verdict."""
