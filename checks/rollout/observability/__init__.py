"""What a lane's metrics say."""
