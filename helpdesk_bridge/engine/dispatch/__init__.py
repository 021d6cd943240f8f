"""How workers are woken. Truth is in the database: a dispatcher only nudges."""
