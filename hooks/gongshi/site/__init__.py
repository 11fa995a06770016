"""What is made from approved entries: lists, archives, the manifest, the audited site folder."""
