/** The server's one entry: start it inside a process (`startServer`), or be the process (`serve`). */
export { startServer } from "./main.ts";
export type { RunningServer, ServerParts, Timing } from "./main.ts";
export { serve } from "./serve.ts";
export { ServerError } from "./server-error.ts";
export type { ServerErrorCode } from "./server-error.ts";
export { parseSettings } from "./settings/parse-settings.ts";
export type { ParseSettingsOutcome } from "./settings/parse-settings.ts";
export { Secret } from "./settings/secret.ts";
export { settingFlags } from "./settings/setting-names.ts";
export type { SettingFlag, SettingFlagName } from "./settings/setting-names.ts";
export type { Environment, Flags } from "./settings/setting-reader.ts";
export type { MailSettings, Profile, Settings } from "./settings/settings.ts";
