"""A tea house in Chengdu and Leeds with 800 customers and a year behind it; same seed, same figures."""
