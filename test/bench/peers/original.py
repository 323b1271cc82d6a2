"""
The original's two session routes in Flask, which keeps a session in its signed cookie: no store at all. Its CORS
headers are left out, so that nothing but Flask itself need be installed.

POST /bench/sign-in is how the bench gets such a cookie: the session is what was posted.
"""

import os

from flask import Flask, jsonify, request, session

app = Flask(__name__)
app.secret_key = os.environ["SESSION_SECRET"]
app.config.update(SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax")


@app.get("/api/user")
def user():
    if session.get("user"):
        return jsonify(logged_in=True, name=session["user"].get("name"))
    return jsonify(logged_in=False)


@app.get("/api/accounts")
def accounts():
    return jsonify(session.get("accounts", []))


@app.post("/bench/sign-in")
def sign_in():
    session.update(request.get_json())
    return jsonify(message="signed in")
