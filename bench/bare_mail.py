"""Letters by smtplib alone: `python bench/bare_mail.py PORT MANY CONNECTIONS` prints its seconds, and those of work."""

import os
import smtplib
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage

BEHIND = 5
"""As polite as the worker that it stands beside: where others work on the machine, both wait for them alike."""


def main(port: int, many: int, connections: int) -> None:
    """Compose and send so many, over connections that stay open."""

    def some(numbers: range) -> None:
        with smtplib.SMTP("127.0.0.1", port) as smtp:
            for n in numbers:
                mail = EmailMessage()
                mail["From"], mail["To"], mail["Subject"] = "shop@bench.test", f"c{n}@bench.test", f"Spring tea, {n}"
                mail.set_content(f"Dear {n},\n\n" + "The spring tea has come. " * 20)
                smtp.send_message(mail)

    os.nice(BEHIND)
    began, busy = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(some, [range(start, many, connections) for start in range(connections)]))
    sys.stdout.write(f"{time.perf_counter() - began} {time.process_time() - busy}\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
