"""What strategies come to: reached, answered, converted, what it brought and cost, beside those left alone."""
