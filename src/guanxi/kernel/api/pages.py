"""The few pages that a customer reaches by a link in a message: one question, one answer, no script."""

from base64 import b64encode
from hashlib import sha256
from html import escape

from django.http import HttpRequest, HttpResponse

from guanxi.kernel.api.answers import language_of, refusal
from guanxi.kernel.words import said
from guanxi.lib.errors import Problem, TooMany

STYLE = """
:root { color-scheme: light dark; }
body { max-width: 480px; margin: 48px auto; padding: 0 20px; color: #1f2328; background: #fafaf9;
  font: 16px/1.6 -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, "PingFang SC", "Noto Sans CJK SC",
  "Microsoft YaHei", sans-serif; }
h1 { margin: 0 0 16px; font-size: 22px; line-height: 30px; }
fieldset { margin: 0 0 20px; padding: 0; border: 0; }
legend { margin-bottom: 8px; padding: 0; }
.choice { display: flex; align-items: center; gap: 12px; min-height: 44px; padding: 0 12px; margin-bottom: 6px;
  border: 1px solid #d0d7de; border-radius: 6px; background: #fff; }
.choice input { width: 18px; height: 18px; accent-color: #0f766e; }
.choice:focus-within { outline: 2px solid #0f766e; outline-offset: 1px; }
textarea { display: block; box-sizing: border-box; width: 100%; margin: 4px 0 20px; padding: 8px 12px;
  border: 1px solid #8c959f; border-radius: 6px; background: #fff; color: inherit; font: inherit; }
button { min-height: 44px; padding: 0 20px; border: 0; border-radius: 6px; background: #0f766e; color: #fff;
  font: inherit; cursor: pointer; }
small { color: #57606a; }
@media (prefers-color-scheme: dark) {
  body { color: #e6e8eb; background: #16181b; }
  .choice, textarea { background: #1e2125; border-color: #4b525b; }
  small { color: #a0a8b2; }
}
"""
POLICY = (
    "default-src 'none'; form-action 'self'; frame-ancestors 'none'; "
    f"style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'"
)
PAGE = """<!doctype html><html lang="{language}"><head><meta charset="utf-8"><meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width"><title>{title}</title><style>{style}</style></head>
<body><main><h1>{title}</h1><p>{text}</p>{form}</main></body></html>"""


def page(language: str, *, title: str, text: str, form: str = "") -> HttpResponse:
    """A page with a heading, a sentence, and a form that is HTML already."""
    content = PAGE.format(language=language, style=STYLE, title=escape(title), text=escape(text), form=form)
    response = HttpResponse(content)
    response["Content-Security-Policy"] = POLICY
    response["Referrer-Policy"] = "no-referrer"
    return response


def refused(request: HttpRequest, problem: Problem, *, title: str) -> HttpResponse:
    """A refusal as a page in a browser: whoever follows a link reads a sentence, with the code to quote below it."""
    if "text/html" not in request.headers.get("Accept", ""):
        return refusal(request, problem)
    language = language_of(request)
    code = f"<p><small><code>{escape(problem.code)}</code></small></p>"
    response = page(language, title=title, text=said(problem, language)["message"], form=code)
    response.status_code = problem.status
    if isinstance(problem, TooMany):
        response["Retry-After"] = str(problem.values["seconds"])
    return response
