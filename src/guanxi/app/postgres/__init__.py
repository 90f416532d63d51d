"""The PostgreSQL that comes along: a folder of binaries, started as our own child."""
