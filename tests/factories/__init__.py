"""The smallest valid record of each table: `make.user(role="agent")`. A test states all that it relies on."""
