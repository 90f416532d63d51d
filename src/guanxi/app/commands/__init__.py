"""What can be said at the command line, one file a command."""
