"""Programs that Gongshi calls: git, OpenSSH, LibreOffice."""
