/** Loaded into a command before it starts: it takes the pipes that it has for a terminal, and asks its questions. */
for (const stream of [process.stdin, process.stdout, process.stderr])
  Object.assign(stream, { isTTY: true, columns: 200, rows: 60 });
