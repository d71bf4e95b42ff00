"""What runs of a lane: workloads, their pods and images, and their health."""
