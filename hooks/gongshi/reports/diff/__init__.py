"""`gongshi diff`: what changed between two versions."""
