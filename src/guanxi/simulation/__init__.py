"""The company simulator and the demo firm: drives the operations of all; only app and tests import it."""
