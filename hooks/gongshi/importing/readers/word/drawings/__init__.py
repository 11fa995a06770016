"""Pictures, text boxes, charts, diagrams and equations."""
