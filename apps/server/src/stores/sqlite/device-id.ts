/**
 * A device id as a column: the JSON text of the string. SQLite's text is UTF-8 and node:sqlite cuts it at a NUL, so
 * neither a lone surrogate nor a NUL would survive otherwise, and two devices could be taken for one.
 */
export function encodeDeviceId(deviceId: string): string {
  return JSON.stringify(deviceId);
}

export function decodeDeviceId(column: string): string {
  return JSON.parse(column) as string;
}
