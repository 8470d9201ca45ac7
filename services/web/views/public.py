"""Pages for everybody: home, privacy notice, QR codes, health."""

import io
from typing import Any

import segno
from flask import Blueprint, Response, abort, jsonify, render_template, request

blueprint = Blueprint("public", __name__)
QR_MOST = 600
A_DAY = 86400


@blueprint.get("/healthz")
def healthz() -> Any:
    """Alive."""
    return jsonify(status="ok", service="web")


@blueprint.get("/privacy")
def privacy() -> Any:
    """What is kept about people, why and for how long."""
    return render_template("pages/privacy.html")


@blueprint.get("/qr.svg")
def qr() -> Response:
    """A QR code of ?t=…, black on white, quiet zone included."""
    text = request.args.get("t", "")
    if not text or len(text) > QR_MOST:
        abort(400)
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", scale=8, border=2, dark="#10201e", light="#ffffff",
                                                  svgclass=None, lineclass=None, omitsize=True)
    return Response(out.getvalue(), mimetype="image/svg+xml",
                    headers={"Cache-Control": f"private, max-age={A_DAY}", "Content-Security-Policy": "default-src 'none'"})
