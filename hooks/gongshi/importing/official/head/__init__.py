"""The head of an official document: copy number, secrecy, urgency, issuer, document number, title."""
