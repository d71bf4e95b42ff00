"""What a lane's promotion published: the catalog, the GitOps branch, the images in the registry."""
