import { stripVTControlCharacters } from "node:util";

/**
 * A line for a terminal of so many columns, broken between words, with its own indentation on each row. A word that is longer than a row
 * (a path, a link, the line of a pairing) stays whole.
 */
export function wrapLine(line: string, columns: number): string {
  if (widthOf(line) <= columns) return line;
  const indent = /^ */u.exec(line)?.[0] ?? "";
  const rows: string[] = [];
  let row = "";
  for (const word of line.slice(indent.length).split(" ")) {
    const longer = row === "" ? indent + word : `${row} ${word}`;
    if (row !== "" && widthOf(longer) > columns) {
      rows.push(row);
      row = indent + word;
    } else row = longer;
  }
  return [...rows, row].join("\n");
}

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
