import { terminal } from "./terminal.ts";

/** Dark upon light whatever the terminal's colours are, two rows of the code in one of the terminal; some apps need the margin. */
const margin = 2;

/** Shows a text as a QR code on standard error, where that is a terminal in which it can be seen whole. */
export async function showQrCode(text: string): Promise<void> {
  if (!process.stderr.isTTY) return;
  const { encodeQR } = await import("qr");
  const rows = encodeQR(text, "raw", { ecc: "low", border: margin });
  const lines = qrLines(rows);
  // With a line for the question below it.
  const needed = { rows: lines.length + 1, columns: rows.length };
  const { rows: high, columns: wide } = process.stderr;
  if (high < needed.rows || wide < needed.columns) {
    terminal.writeErr(
      `(A QR code of it would need a window of ${needed.rows} rows and ${needed.columns} columns.)\n`,
    );
    return;
  }
  terminal.writeErr(`${lines.join("\n")}\n`);
}

function qrLines(rows: readonly (readonly boolean[])[]): string[] {
  const lines: string[] = [];
  for (let at = 0; at < rows.length; at += 2) {
    const [upper = [], lower = []] = [rows[at], rows[at + 1]];
    const blocks = upper.map((isDark, column) => block(isDark, lower[column] ?? false)).join("");
    lines.push(terminal.styleErr(["black", "bgWhiteBright"], blocks));
  }
  return lines;
}

function block(upper: boolean, lower: boolean): string {
  if (upper) return lower ? "█" : "▀";
  return lower ? "▄" : " ";
}
