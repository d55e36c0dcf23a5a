/** Who else hears of a change in an account of protocol 4. Implemented in process now, across processes later. */
export interface Notices4 {
  walletChanged(
    userId: number,
    head: {
      readonly walletId: string;
      readonly sequence: number;
      readonly hash: string;
      readonly deviceId: string;
    },
  ): void;
  credentialsChanged(userId: number, epoch: number): void;
  /** Ends the sockets of one session. */
  sessionEnded(userId: number, sessionId: string): void;
  /** Ends every socket of the account. */
  allSessionsEnded(userId: number): void;
  pairing(
    userId: number,
    pairing: {
      readonly pairingId: string;
      readonly step: "sent" | "fetched";
      readonly deviceId: string;
    },
  ): void;
}
