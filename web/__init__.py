"""The Flask application: everything between the engine in `bot` and a browser."""
