"""The command line. Results go to standard output, everything else to standard error; a failure is one sentence."""

import os
import sys

from segue.cli import auditing, making, people, serving, sharing, tending
from segue.cli.root import command
from segue.errors import Failure

__all__ = ["auditing", "main", "making", "people", "serving", "sharing", "tending"]


def main() -> None:
    """Run the command line. Usage errors end with 2, failures with 1 and one sentence."""
    try:
        command()
    except Failure as failure:
        faults = [error["message"] for error in failure.details.get("errors", [])]
        print(" ".join(faults) or failure.message, file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - whatever it was, a person gets a sentence
        print(f"Something went wrong that Segue did not expect: {type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(1)
