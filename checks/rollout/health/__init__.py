"""What the endpoints say that tell whether a lane's services are well."""
