"""External programs that Gongshi calls: git, OpenSSH, LibreOffice."""
