"""The one language for filters, segments, rights, scopes and figures: JSON in, one SQL expression out."""
