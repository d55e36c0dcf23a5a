/** The picture of a fingerprint (P4C-61): four rows of four tiles, each one of eight shapes in one of eight colours. */
export const shapes = [
  "circle",
  "square",
  "triangle",
  "star",
  "heart",
  "moon",
  "drop",
  "cross",
] as const;
export const colours = [
  "red",
  "orange",
  "yellow",
  "green",
  "blue",
  "purple",
  "brown",
  "black",
] as const;

export interface Tile {
  readonly shape: (typeof shapes)[number];
  readonly colour: (typeof colours)[number];
}

/** Four rows of four tiles. */
export type Picture = readonly (readonly Tile[])[];

const side = 4;

/** The picture of 12 bytes: 6 bits a tile, most significant first; 3 for the shape, 3 for the colour. */
export function pictureOf(bytes: Uint8Array): Picture {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const tiles = Array.from({ length: side * side }, (_, at) => {
    const shape = shapes[Number.parseInt(bits.slice(at * 6, at * 6 + 3), 2)] ?? shapes[0];
    const colour = colours[Number.parseInt(bits.slice(at * 6 + 3, at * 6 + 6), 2)] ?? colours[0];
    return { shape, colour };
  });
  return Array.from({ length: side }, (_, row) => tiles.slice(row * side, (row + 1) * side));
}

/** The picture in words, a line a row, for terminals, telephones and screen readers. */
export function describePicture(picture: Picture): string {
  return picture
    .map((row) => row.map(({ colour, shape }) => `${colour} ${shape}`).join(", "))
    .join("\n");
}
