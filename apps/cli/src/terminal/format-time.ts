import { printable } from "./printable.ts";

/** A time for people, to the minute: `2030-01-15 12:00 UTC`. What is no time is shown as it came. */
export function formatTime(time: string | number): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return printable(String(time));
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** A day for people: `2030-01-15`. */
export function formatDay(time: string | number): string {
  return formatTime(time).replace(/ \d{2}:\d{2} UTC$/u, "");
}
