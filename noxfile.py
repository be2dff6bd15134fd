"""What there is to run; each session installs what it needs. ``nox -s demo`` and ``nox -s tests`` are the main ones."""

from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.sessions = ["tests"]
nox.options.reuse_venv = "yes"

PYPROJECT = nox.project.load_toml("pyproject.toml")
ROOT = Path(__file__).parent
EXAMPLES = sorted(ROOT.glob("examples/*.py"))
#: Not run by themselves: a module of the others, and a service, which is started and called.
NOT_RUN = ("console.py", "web_service.py")


def install(session: nox.Session, *groups: str) -> None:
    """Install the project with its mock, and development groups."""
    session.install("-e", ".[mock]", *nox.project.dependency_groups(PYPROJECT, *groups))


def run_tests(session: nox.Session) -> None:
    """Run the tests on all cores."""
    install(session, "tests")
    # Bytecode is kept whatever the machine says, or every process that a test starts would compile everything again.
    session.run("python", "-m", "pytest", "-n", "auto", *session.posargs, env={"PYTHONDONTWRITEBYTECODE": ""})


@nox.session
def demo(session: nox.Session) -> None:
    """Start the mock and run the quickstart against it."""
    install(session)
    session.run("python", "tools/with_mock.py", "examples/quickstart.py")


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests."""
    run_tests(session)


@nox.session(python=["3.12", "3.13"])
def versions(session: nox.Session) -> None:
    """Run the tests on the other Pythons."""
    run_tests(session)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and format."""
    session.install(*nox.project.dependency_groups(PYPROJECT, "lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check types, with both checkers."""
    install(session, "types")
    session.run("mypy", "src", "mockserver", "examples", "tests/typing")
    session.run("pyright")


@nox.session
def examples(session: nox.Session) -> None:
    """Run every example against the mock."""
    install(session, "examples")
    scripts = [path for path in EXAMPLES if path.name not in NOT_RUN]
    with session.chdir(session.create_tmp()):  # the export writes its file into the current folder
        session.run("python", ROOT / "tools/with_mock.py", *scripts, ROOT / "tools/check_web_service.py")


@nox.session
def fresh(session: nox.Session) -> None:
    """Check that generated files are what the operations make."""
    install(session, "lint")  # ruff lays the generated files out
    session.run("python", "tools/generate.py", "--check")


@nox.session
def generate(session: nox.Session) -> None:
    """Write the generated files."""
    install(session, "lint")
    session.run("python", "tools/generate.py")


@nox.session
def contract(session: nox.Session) -> None:
    """Hold the mock against its own OpenAPI documents with schemathesis."""
    install(session, "contract")
    session.run("python", "tools/contract_check.py")


@nox.session
def mutants(session: nox.Session) -> None:
    """Change the call's code on purpose, and see that the tests notice; takes up to twenty minutes."""
    install(session, "tests")
    session.run("python", "tools/mutants.py", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation; a warning is an error."""
    install(session, "docs")
    session.run("sphinx-build", "-W", "--keep-going", "-b", "html", "docs", "docs/_build/html")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure, and write docs/benchmarks.md."""
    install(session, "bench")
    session.run("python", "benchmarks/run.py", "--write", "docs/benchmarks.md", *session.posargs)
