/** Who else hears of a change. Implemented in process now, across processes later. */
export interface Notices {
  walletReplaced(userId: number, sequence: number): void;
  /** Ends the user's sockets. */
  credentialsChanged(userId: number): void;
}
