"""The one port: the client's files, the live stream, and Django behind a bounded pool of threads."""
