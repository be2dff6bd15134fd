"""Run scripts against a mock server on a free loopback port: ``python tools/with_mock.py SCRIPT ...``."""

import os
import subprocess
import sys


def main(scripts: list[str]) -> int:
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "chaobiao_mock", "--port", "0", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment) as mock:
        try:
            assert mock.stdout is not None  # noqa: S101  # stdout=PIPE above
            banner = [mock.stdout.readline() for _ in range(6)]
            print("".join(banner[:2]), end="", flush=True)
            url = banner[0].split()[-1]
            environment |= {
                "CHAOBIAO_JRHSZ_BASE_URL": url,
                "CHAOBIAO_JRHSZ_USERNAME": "khcs",
                "CHAOBIAO_JRHSZ_PASSWORD": "123456",
                "CHAOBIAO_WATER_BASE_URL": url,
                "CHAOBIAO_ENERGY_BASE_URL": url,
                "CHAOBIAO_ENERGY_USERNAME": "zhangwei",
                "CHAOBIAO_ENERGY_PASSWORD": "Energy2019",
            }
            for script in scripts:
                if len(scripts) > 1:
                    print(f"\n=== {script}", flush=True)
                done = subprocess.run([sys.executable, script], env=environment, check=False)
                if done.returncode:
                    return done.returncode
        finally:
            mock.terminate()
            mock.communicate()  # read its output to the end, or it would write into a closed pipe
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
