/** A JSON line of the log as a line to read: time of day, level, message, the other fields. */
export function formatLine(line: string): string {
  const { level, time, msg, err, ...fields } = JSON.parse(line) as Record<string, unknown> & {
    readonly err?: { readonly stack?: string; readonly message?: string };
  };
  const details = Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`);
  const head = [String(time).slice(11, 19), String(level).padEnd(5), String(msg), ...details];
  const error = err === undefined ? "" : `${err.stack ?? err.message ?? ""}\n`;
  return `${head.join(" ")}\n${error}`;
}
