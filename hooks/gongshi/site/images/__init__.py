"""What is published of pictures."""
