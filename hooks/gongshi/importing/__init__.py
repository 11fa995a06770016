"""Make drafts of entries from office files, web pages and photos (`gongshi import`)."""
