import { fingerprintsOf, listWallets } from "@holdfast/client/protocol-4";
import type { Command } from "commander";
import { fingerprintLines } from "../account-4/describe-account.ts";
import { withAccount4 } from "../account-4/hold-account.ts";
import type { CommandResult } from "../command-result.ts";
import { done } from "../command-result.ts";
import { examples } from "../help.ts";
import type { CommandContext } from "../run-command.ts";
import { runCommand } from "../run-command.ts";
import { addPasswordOption, passcode, type PasswordOptions } from "../terminal/passwords.ts";
import { printable } from "../terminal/printable.ts";

export function addFingerprintCommand(program: Command): void {
  const command = program
    .command("fingerprint")
    .summary("what to compare on two devices")
    .description(
      "Shows three things to compare with another device, by eye or over the telephone. The account's fingerprint tells that it is the same account, for ever. The view's tells that both devices see the same credentials and wallets: if both are in sync and it differs, the host shows them different things. Asks nobody.",
    )
    .addHelpText(
      "after",
      examples(["holdfast fingerprint", "holdfast sync && holdfast fingerprint"]),
    );
  addPasswordOption(command, passcode);
  command.action((options: PasswordOptions) =>
    runCommand(command, (context) => showFingerprints(context, options)),
  );
}

async function showFingerprints(
  context: CommandContext,
  options: PasswordOptions,
): Promise<CommandResult> {
  return await withAccount4(
    context,
    async ({ account }) => {
      const { identity, view, wallets } = fingerprintsOf(account);
      const listed = listWallets(account);
      const named = listed.type === "wallets" ? listed.wallets : [];
      const nameOf = (id: string) => named.find(({ walletId }) => walletId === id)?.name ?? id;
      const section = (title: string, lines: readonly string[]) => [
        title,
        ...lines.map((line) => `  ${line}`),
      ];
      return await Promise.resolve(
        done(
          [
            ...section(`The account ${printable(account.record.id)}`, fingerprintLines(identity)),
            ...section("What this device sees of it", fingerprintLines(view)),
            ...wallets.map(
              ({ walletId, fingerprint }) =>
                `Wallet “${printable(nameOf(walletId))}”: ${fingerprint.code}`,
            ),
          ],
          {
            account: identity.code,
            view: view.code,
            wallets: wallets.map(({ walletId, fingerprint }) => ({
              walletId,
              name: nameOf(walletId),
              fingerprint: fingerprint.code,
            })),
          },
        ),
      );
    },
    { options },
  );
}
