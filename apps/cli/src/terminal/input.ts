import { createReadStream } from "node:fs";
import { CliError } from "../cli-error.ts";

/** Larger than any wallet that a host would take, small enough to hold in memory twice. */
const maxInputBytes = 64 * 1024 * 1024;

let standardInputTaken = false;

/** Reads a file, or standard input when `file` is `-`, as UTF-8 text. `what` names it in refusals: "the wallet". */
export async function readText(
  file: string,
  what: string,
  maxBytes = maxInputBytes,
): Promise<string> {
  const bytes = await readBytes(file, what, maxBytes);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new CliError(
      "not-text",
      `Cannot use ${placeOf(file)}: it is not text (UTF-8), so it cannot be ${what}.`,
      {
        cause,
      },
    );
  }
}

async function readBytes(file: string, what: string, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  const source = openSource(file, what);
  try {
    for await (const chunk of source) {
      const bytes = chunk as Buffer;
      length += bytes.length;
      if (length > maxBytes) throw tooLarge(file, what, maxBytes);
      chunks.push(bytes);
    }
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError(
      "unreadable-file",
      `Cannot read ${what} from ${placeOf(file)}: ${reasonOf(cause)}.`,
      {
        cause,
      },
    );
  }
  return Buffer.concat(chunks);
}

function openSource(file: string, what: string): AsyncIterable<unknown> {
  if (file !== "-") return createReadStream(file);
  if (standardInputTaken) {
    throw new CliError("usage", `Standard input is already read; give ${what} as a file.`);
  }
  standardInputTaken = true;
  return process.stdin;
}

function tooLarge(file: string, what: string, maxBytes: number): CliError {
  const limit = `${Math.floor(maxBytes / 1024)} KiB`;
  return new CliError(
    "too-large",
    `Cannot use ${placeOf(file)}: it is larger than ${limit}, too large to be ${what}.`,
  );
}

/** A file as it stands inside a sentence. */
export function placeOf(file: string): string {
  return file === "-" ? "standard input" : `“${file}”`;
}

/** Why the system said no, in words where the code is a common one. */
function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES" || code === "EPERM") return "access is denied";
  if (code === "EISDIR") return "it is a folder";
  if (code === "ENOSPC") return "the disk is full";
  return message;
}
