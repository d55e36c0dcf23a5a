import { type DerivationProgress, type Device, type DeviceOptions, Secret } from "@holdfast/client";
import { createNodeDevice } from "@holdfast/client/node";
import { CliError } from "./cli-error.ts";
import type { CommandContext } from "./run-command.ts";
import { askHidden } from "./terminal/ask.ts";
import { findPassword, passcode, type PasswordOptions } from "./terminal/passwords.ts";
import { remark, withProgress } from "./terminal/progress.ts";

/**
 * The profile's device. A `--server` that is not the one an existing profile belongs to is refused, except to the
 * commands that choose the server.
 */
export async function openDevice(
  context: CommandContext,
  { choosesServer = false, ...options }: DeviceOptions & { readonly choosesServer?: boolean } = {},
): Promise<Device> {
  const device = createNodeDevice(context.profile, {
    askPasscode: async (attempt) => await askPasscode(passcodeOf(context), attempt),
    ...options,
  });
  if (!choosesServer && context.server !== undefined)
    await refuseOtherServer(device, context.server);
  return device;
}

function passcodeOf({ passcodeFile }: CommandContext): PasswordOptions {
  return passcodeFile === undefined ? {} : { passcodeFile };
}

const attempts = 3;
/** Asked once for all that one command does, and as long as it goes on. */
let known: { readonly passcode: Secret; readonly isTyped: boolean } | undefined;

/** null: nobody is there to be asked, or what they gave is wrong. */
export async function askPasscode(
  { passcodeFile }: Pick<PasswordOptions, "passcodeFile">,
  attempt: number,
): Promise<Secret | null> {
  if (attempt === 1) {
    const given = known === undefined ? await findPassword(passcode, passcodeFile) : undefined;
    if (given !== undefined) known = { passcode: new Secret(given), isTyped: false };
    if (known !== undefined) return known.passcode;
  } else {
    if (known?.isTyped !== true || attempt > attempts) return null;
    remark("That is not the passcode.");
  }
  const typed = await askHidden(passcode.prompt);
  if (typed === undefined) return null;
  known = { passcode: new Secret(typed), isTyped: true };
  return known.passcode;
}

/** Does something with the profile's device; `text` says what, for when it takes long. */
export function withDevice<T>(
  context: CommandContext,
  text: string,
  work: (device: Device) => Promise<T>,
  { choosesServer = false }: { readonly choosesServer?: boolean } = {},
): Promise<T> {
  return withProgress(text, async (report) => {
    const onDerivation = (progress: DerivationProgress) =>
      report("Deriving keys", describeDerivation(progress));
    return work(await openDevice(context, { onDerivation, choosesServer }));
  });
}

async function refuseOtherServer(device: Device, server: string): Promise<void> {
  const status = await device.status();
  if (status.type !== "status" || isSameServer(status.server, server)) return;
  throw new CliError(
    "usage",
    `This profile belongs to ${status.server}, not to ${server}: leave --server and HOLDFAST_SERVER out, or choose another --profile.`,
  );
}

function isSameServer(one: string, other: string): boolean {
  return URL.parse(one)?.href.replace(/\/$/u, "") === URL.parse(other)?.href.replace(/\/$/u, "");
}

function describeDerivation({ elapsedMs, estimatedMs }: DerivationProgress): string {
  const elapsed = `${Math.round(elapsedMs / 1000)} s`;
  return estimatedMs === null ? elapsed : `${elapsed} of about ${Math.ceil(estimatedMs / 1000)} s`;
}
