"""`gongshi doctor`: check the people, the record, the git repository and the user of a unit."""
