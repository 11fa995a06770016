"""What is published of film, sound and documents."""
