/**
 * Devices around one line of revisions, as a host keeps it: who pushes first goes first, and whoever finds a newer head merges. Stands for the sync
 * engine where only merging is to be tested.
 */
import type { Content, WalletFormat } from "../src/merge/wallet-format.ts";

export interface Device<Document> {
  synced: Content<Document>;
  local: Content<Document>;
  head: number;
  /** How far this device's clock is off. */
  readonly skewSeconds: number;
}

export class DeviceLine<Document> {
  readonly format: WalletFormat<Document>;
  readonly devices: readonly Device<Document>[];
  readonly #revisions: Content<Document>[];

  constructor(
    format: WalletFormat<Document>,
    start: Content<Document>,
    skewsSeconds: readonly number[],
  ) {
    this.format = format;
    this.#revisions = [start];
    this.devices = skewsSeconds.map((skewSeconds) => ({
      synced: start,
      local: start,
      head: 0,
      skewSeconds,
    }));
  }

  /** Pulls, merges and pushes once; gives whether anything happened. */
  sync(device: Device<Document>): boolean {
    const { format } = this;
    const head = this.#revisions.length - 1;
    const theirs = this.#revisions.at(-1) ?? device.synced;
    const isBehind = head > device.head;
    if (isBehind) {
      const merged = format.merge(device.synced, device.local, theirs);
      device.local = format.grow(theirs, format.grow(device.local, merged));
      device.synced = theirs;
      device.head = head;
    }
    if (format.equal(device.local, theirs)) return isBehind;
    const pushed = format.parse(format.serialize(device.local));
    this.#revisions.push(pushed);
    device.synced = pushed;
    device.head = head + 1;
    return true;
  }

  /** Syncs all devices in turn until nothing happens; gives the number of rounds it took. */
  settle(mostRounds: number): number {
    for (let round = 0; round < mostRounds; round += 1) {
      const active = this.devices.filter((device) => this.sync(device));
      if (active.length === 0) return round;
    }
    return mostRounds;
  }
}
