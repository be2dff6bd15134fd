"""How the documentation is built: Sphinx with MyST, the furo theme, and pages derived from the contract."""

import sys
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

import chaobiao
from chaobiao._families import NAMES

project = "chaobiao"
author = "The chaobiao authors"
project_copyright = author
version = release = chaobiao.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "contract",
    "error_tables",
    "operation_table",
]
exclude_patterns = ["_build", "_ext"]
nitpicky = True
families = "|".join(rf"{name}\." for name in NAMES)
nitpick_ignore_regex = [  # in signatures: other projects' names, and our own that a caller never imports
    ("py:.*", r"(?!chaobiao).*"),
    ("py:.*", rf"chaobiao\.(?!{families})\w+\..*"),
    ("py:.*", r"chaobiao_mock\.(registry|journal|state_file|fixtures\.(sheets|problems))\..*"),
]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

add_module_names = False
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
python_maximum_signature_line_length = 88
python_use_unqualified_type_names = True
toc_object_entries = False

html_theme = "furo"
html_title = f"chaobiao {version}"
html_static_path = ["_static"]
html_css_files = ["chaobiao.css"]
html_show_sourcelink = False
html_theme_options = {"top_of_page_buttons": []}


def _without_benchmarks(app: Sphinx, name: str, source: list[str]) -> None:
    """Leave benchmarks.md out of the contents until "nox -s bench" has written it."""
    if name == "index" and not (Path(app.srcdir) / "benchmarks.md").exists():
        source[0] = source[0].replace("\nbenchmarks\n", "\n")


def _plain_words(app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """Keep napoleon from taking what stands before a colon in an attribute's description for its type."""
    if what in ("attribute", "data", "property") and lines:
        lines[:0] = ["..", ""]


def setup(app: Sphinx) -> None:
    """Listen to the build."""
    app.connect("source-read", _without_benchmarks)
    app.connect("autodoc-process-docstring", _plain_words, priority=400)  # napoleon listens at 500
