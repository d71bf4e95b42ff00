"""How a lane is built: its pipeline runs."""
