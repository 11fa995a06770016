"""Domain model: configuration, content, records and review rules, which decide what is public.

This package does not depend on MkDocs, the command line or the site output.
"""
