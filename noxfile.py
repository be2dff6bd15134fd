"""The sessions of the project; each installs what it needs. Start with ``nox -s tests`` and ``nox -s demo``."""

from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.sessions = ["tests"]
nox.options.reuse_venv = "yes"

PYPROJECT = nox.project.load_toml("pyproject.toml")
ROOT = Path(__file__).parent
EXAMPLES = sorted(ROOT.glob("examples/[!_]*.py"))
#: Not run as scripts: modules that others import, and a service, which tools/check_web_service.py starts.
NOT_RUN = ("console.py", "web_service.py")


def install(session: nox.Session, *groups: str, extras: str = "mock") -> None:
    """Install the project with its mock server, and dependency groups."""
    session.install("-e", f".[{extras}]", *nox.project.dependency_groups(PYPROJECT, *groups))


def run_tests(session: nox.Session) -> None:
    """Run the tests on all cores."""
    install(session, "tests")
    # Where bytecode is not written, each process that a test starts compiles every module again.
    session.run("python", "-m", "pytest", "-n", "auto", *session.posargs, env={"PYTHONDONTWRITEBYTECODE": ""})


@nox.session
def demo(session: nox.Session) -> None:
    """Run the quickstarts against the mock."""
    install(session)
    session.run("python", "tools/with_mock.py", "examples/quickstart.py", "examples/energy_quickstart.py")


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests."""
    run_tests(session)


@nox.session
def browser(session: nox.Session) -> None:
    """Test the mock's page in a headless Chromium, which must be installed."""
    install(session, "browser")
    session.run("python", "-m", "pytest", "tests/browser", *session.posargs)


@nox.session
def screenshots(session: nox.Session) -> None:
    """Take the pictures of the mock's page for the documentation."""
    install(session, "browser")
    session.run("python", "tools/screenshots.py", "docs/images")


@nox.session(python=["3.12", "3.13"])
def versions(session: nox.Session) -> None:
    """Run the tests on the other supported Python versions."""
    run_tests(session)


@nox.session
def lint(session: nox.Session) -> None:
    """Check code style and formatting with ruff."""
    session.install(*nox.project.dependency_groups(PYPROJECT, "lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check types with mypy and pyright."""
    install(session, "types")
    session.run("mypy", "src", "mockserver", "examples", "tests/typing")
    session.run("pyright")


@nox.session
def examples(session: nox.Session) -> None:
    """Run every example against the mock, and check the service and the pages that they make."""
    install(session, "examples", extras="mock,plot")
    scripts = [path for path in EXAMPLES if path.name not in NOT_RUN]
    checks = [ROOT / "tools/check_web_service.py", ROOT / "tools/check_pages.py"]
    with session.chdir(session.create_tmp()):  # the export and the report write into the current folder
        session.run("python", ROOT / "tools/with_mock.py", *scripts, *checks)


@nox.session(reuse_venv=False)
def project(session: nox.Session) -> None:
    """Run the tests of the example project in a new environment, as its users have it."""
    folder = ROOT / "examples/pytest_project"
    session.install(".")
    session.run("chaobiao-mock", success_codes=[1])  # without the extra it says what to install
    group = nox.project.dependency_groups(nox.project.load_toml(folder / "pyproject.toml"), "tests")
    session.install(".[mock]", *group)
    with session.chdir(folder):
        session.run("python", "-m", "pytest", "-p", "no:cacheprovider")


@nox.session
def fresh(session: nox.Session) -> None:
    """Check that the generated client methods are up to date."""
    install(session, "lint")  # tools/generate.py runs ruff
    session.run("python", "tools/generate.py", "--check")


@nox.session
def generate(session: nox.Session) -> None:
    """Write the generated client methods."""
    install(session, "lint")  # tools/generate.py runs ruff
    session.run("python", "tools/generate.py")


@nox.session
def contract(session: nox.Session) -> None:
    """Check the mock against its OpenAPI documents with schemathesis."""
    install(session, "contract")
    session.run("python", "tools/contract_check.py")


@nox.session
def mutants(session: nox.Session) -> None:
    """Change the call's code on purpose, and see that the tests notice; takes about ten minutes on two cores."""
    install(session, "tests")
    session.run("python", "tools/mutants.py", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation; warnings are errors."""
    install(session, "docs")
    session.run("sphinx-build", "-W", "--keep-going", "-b", "html", "docs", "docs/_build/html")


@nox.session
def bench(session: nox.Session) -> None:
    """Run the benchmarks and write docs/benchmarks.md."""
    install(session, "bench")
    session.run("python", "benchmarks/run.py", "--write", "docs/benchmarks.md", *session.posargs)
