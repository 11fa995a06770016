"""`gongshi form`: the review form as a Word document."""
