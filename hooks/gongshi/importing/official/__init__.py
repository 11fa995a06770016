"""The parts of Chinese official documents and notices: where they stand and which form they have."""
