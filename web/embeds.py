"""What other sites load: the widget's script and strings, open to every origin. No question passes here."""

from flask import Blueprint, Response, abort, request

from web.widget import Asset, Widget

_HOUR = "public, max-age=3600"
_YEAR = "public, max-age=31536000, immutable"


def create_embeds(widget: Widget) -> Blueprint:
    """The routes of ``widget``: the script that moves with this server, the same pinned, and strings by language."""
    embeds = Blueprint("embeds", __name__)

    @embeds.get("/widget.js")
    def script() -> Response:
        return _served(widget.script, "text/javascript", _HOUR)

    @embeds.get("/w/<release>/widget.js")
    def pinned(release: str) -> Response:
        return _served(widget.scripts.get(release) or abort(404), "text/javascript", _YEAR)

    @embeds.get("/widget/<language>.json")
    def strings(language: str) -> Response:
        return _served(widget.strings.get(language) or abort(404), "application/json", _HOUR)

    return embeds


def _served(asset: Asset, mimetype: str, kept: str) -> Response:
    """``asset`` in the first of its encodings that the client takes; 304 where the client has it already."""
    encoding = next((name for name in asset.compressed if request.accept_encodings[name]), None)
    response = Response(asset.compressed[encoding] if encoding else asset.content, mimetype=mimetype)
    if encoding:
        response.content_encoding = encoding
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = kept
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.add_etag()
    response.make_conditional(request)
    return response
