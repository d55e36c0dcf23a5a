/**
 * `@holdfast/client/protocol-4`: an account that its host cannot open. Everything that a host or a network does is an outcome;
 * what is remembered is written before it is relied on.
 */
export { parseServerUrl as parseHostAddress } from "../protocol-3/server-url.ts";
export { isSameAccountId } from "@holdfast/protocol/protocol-4";
export type { Fingerprint, RecoveryEntropy } from "@holdfast/crypto";
export {
  createRecoveryPhrase,
  describePicture,
  parseRecoveryPhrase,
  recoveryWords,
} from "@holdfast/crypto";
export { changeId, confirmId, deleteAccount, showAccount } from "./account/account-life.ts";
export type { ChangeIdOutcome } from "./account/account-life.ts";
export { settleChange } from "./account/change.ts";
export type { ChangeOutcome4, NotChanged } from "./account/change.ts";
export { exportAccount } from "./account/export-account.ts";
export type { ExportOutcome } from "./account/export-account.ts";
export { findHost } from "./account/find-host.ts";
export { fingerprintsOf } from "./account/fingerprints.ts";
export type { AccountFingerprints } from "./account/fingerprints.ts";
export { logInAgain, logInByPassword } from "./account/log-in-password.ts";
export type { PasswordLogIn } from "./account/log-in-password.ts";
export { logInByPhrase, unlockByPhrase } from "./account/log-in-phrase.ts";
export type { PhraseLogIn, PhraseLogInOutcome } from "./account/log-in-phrase.ts";
export {
  confirmMfa,
  disableMfa,
  removeRecoveryCodes,
  renewRecoveryCodes,
  startMfa,
} from "./account/mfa.ts";
export type { RecoveryCodes, StartMfaOutcome } from "./account/mfa.ts";
export { handOver, readInvitation } from "./account/pairing-known.ts";
export type { HandOverOutcome, Proof, ReadInvitationOutcome } from "./account/pairing-known.ts";
export { invite } from "./account/pairing-new.ts";
export type { InviteInput, PairingAnswer, PairingOffer } from "./account/pairing-new.ts";
export { clearPasscode, setPasscode, unlockByPasscode } from "./account/passcode.ts";
export type { PasscodeOutcome, SetPasscodeOutcome } from "./account/passcode.ts";
export { removeRecoveryPhrase, setRecoveryPhrase } from "./account/recovery-slot.ts";
export { confirmRegistration, register, settleRegistration } from "./account/register.ts";
export type { RegisterOutcome4, Registration } from "./account/register.ts";
export { renewSession } from "./account/renew-session.ts";
export { rotate } from "./account/rotate.ts";
export type { RotateOutcome, Rotation4 } from "./account/rotate.ts";
export type {
  KeepKey,
  LoggedIn4,
  LogInFailure,
  LogInOutcome,
  MfaAsked,
} from "./account/session.ts";
export { endSession, listSessions, logOut } from "./account/sessions.ts";
export type { Device4 } from "./account/sessions.ts";
export { setPassword } from "./account/set-password.ts";
export { createWallet, listWallets } from "./account/wallets.ts";
export type { CreateWalletOutcome, NamedWallet4 } from "./account/wallets.ts";
export { openWebSocket } from "./events/open-socket.ts";
export type { OpenSocket4, SocketEvent4 } from "./events/open-socket.ts";
export { watchAccount } from "./events/watch-account.ts";
export type { AccountEvent, WatchAccountEnd, WatchAccountOptions } from "./events/watch-account.ts";
export { healHost } from "./heal/heal-host.ts";
export type { HealInput } from "./heal/heal-host.ts";
export type { HealOutcome } from "./heal/heal-outcome.ts";
export type * from "./outcomes.ts";
export type { AccountPorts, AccountStore } from "./record/account-ports.ts";
export { parseAccountRecord } from "./record/account-record.ts";
export type { AccountRecord, ParseAccountOutcome } from "./record/account-record.ts";
export { HeldAccount } from "./record/held-account.ts";
export { createProtocol4Source } from "./source/account-source.ts";
export type { Credentials4, Protocol4SourceParts } from "./source/account-source.ts";
export { openAccount4 } from "./source/open-account.ts";
export type { WalletToOpen } from "./source/open-account.ts";
export { contactHost } from "./sync/contact.ts";
export type { ContactOutcome } from "./sync/contact.ts";
export { listHistory, openOldRevision } from "./sync/history.ts";
export type { HistoryEntry, HistoryOutcome, OldRevisionOutcome } from "./sync/history.ts";
export type { ContactFailure } from "./sync/problem-of.ts";
export { renewWallets } from "./sync/renew-wallet.ts";
export type { RenewOutcome } from "./sync/renew-wallet.ts";
export { createSyncAccount4 } from "./sync/sync-account.ts";
export type { SyncAccount4, WalletSync } from "./sync/sync-account.ts";
export { continueRecord } from "../engine/index.ts";
export type { ContinueOutcome } from "../engine/index.ts";
export { settleUpgrade, upgradeAccount } from "./upgrade/upgrade-account.ts";
export type { UpgradeInput, UpgradeOutcome } from "./upgrade/upgrade-account.ts";
