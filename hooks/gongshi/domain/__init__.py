"""What is public and why: entries, digests, dossiers, review rules and policy.

Nothing in this package knows MkDocs, the command line or the web.
"""
