"""When the company works: hours by weekday, over holidays, as they hold and as they held."""
