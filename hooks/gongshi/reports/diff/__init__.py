"""`gongshi diff`: compare two versions of an entry."""
