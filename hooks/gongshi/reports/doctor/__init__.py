"""`gongshi doctor`: the health of the unit, its record and its people."""
