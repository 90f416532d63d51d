"""A mail server that takes everything and keeps nothing but the count: `python bench/sink.py PORT`."""

import asyncio
import sys

ANSWERS = {
    b"EHLO": b"250-sink.test\r\n250-SIZE 26214400\r\n250-AUTH PLAIN\r\n250-PIPELINING\r\n250 8BITMIME\r\n",
    b"AUTH": b"235 welcome\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 bye\r\n",
    b"STAT": b"",
}
taken = 0


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection; STAT, which is no word of SMTP, answers how many mails were taken by all of them."""
    global taken
    writer.write(b"220 sink.test\r\n")
    while line := await reader.readline():
        word = line[:4].upper()
        if word == b"STAT":
            writer.write(b"250 %d\r\n" % taken)
            continue
        writer.write(ANSWERS.get(word, b"250 ok\r\n"))
        if word == b"DATA":
            await reader.readuntil(b"\r\n.\r\n")
            taken += 1
            writer.write(b"250 taken\r\n")
        if word == b"QUIT":
            break
    writer.close()


async def main(port: int) -> None:
    """Listen until the process is ended."""
    server = await asyncio.start_server(talk, "127.0.0.1", port, limit=1 << 22)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
