"""What Argo CD says of a lane: its Application, and the AppProject that bounds it."""
