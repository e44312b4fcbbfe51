"""Other people's status pages, read into our notices.

- `statuspage_json`: the shapes of Statuspage's JSON, and what in it has no place
- `statuspage`: those shapes → notices and components
- `html`, `plain`: the bodies of others → Markdown that says the same
- `imported`: what an import found, and how it tells
- `files`: JSON from disk; notices to disk
"""
