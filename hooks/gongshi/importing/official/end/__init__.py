"""The end of an official document: signature, attachments, copies, printing, kind of publication."""
