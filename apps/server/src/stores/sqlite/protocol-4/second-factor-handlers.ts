import type { DatabaseSync } from "node:sqlite";
import type { AccountWriter } from "./account-writer.ts";
import type { Handlers4 } from "./handlers.ts";

type SecondFactorCommand =
  "enable-second-factor" | "disable-second-factor" | "use-step" | "use-code" | "replace-codes";

export function createSecondFactorHandlers(
  database: DatabaseSync,
  accounts: AccountWriter,
): Pick<Handlers4, SecondFactorCommand> {
  const insert = database.prepare(`
    INSERT INTO second_factors (user_id, sealed_secret, last_step) VALUES (?, ?, ?)
    ON CONFLICT DO NOTHING`);
  const remove = database.prepare("DELETE FROM second_factors WHERE user_id = ?");
  const find = database.prepare("SELECT 1 FROM second_factors WHERE user_id = ?");
  const useStep = database.prepare(
    "UPDATE second_factors SET last_step = ?1 WHERE user_id = ?2 AND last_step < ?1",
  );
  const insertCode = database.prepare(
    "INSERT INTO recovery_codes (user_id, code_hash) VALUES (?, ?) ON CONFLICT DO NOTHING",
  );
  const deleteCode = database.prepare(
    "DELETE FROM recovery_codes WHERE user_id = ? AND code_hash = ?",
  );
  const deleteCodes = database.prepare("DELETE FROM recovery_codes WHERE user_id = ?");

  return {
    "enable-second-factor"({ by, sealedSecret, step, codeHashes }) {
      if (!accounts.mayWrite(by)) return { type: "session-ended" };
      const { userId } = by;
      if (insert.run(userId, sealedSecret, step).changes === 0) return { type: "on-already" };
      for (const codeHash of codeHashes) insertCode.run(userId, codeHash);
      return { type: "enabled" };
    },
    "disable-second-factor"({ by }) {
      if (!accounts.mayWrite(by)) return { type: "session-ended" };
      return { type: remove.run(by.userId).changes === 0 ? "off" : "done" };
    },
    "use-step": ({ userId, step }) => useStep.run(step, userId).changes !== 0,
    "use-code": ({ userId, codeHash }) => deleteCode.run(userId, codeHash).changes !== 0,
    "replace-codes"({ by, codeHashes }) {
      if (!accounts.mayWrite(by)) return { type: "session-ended" };
      const { userId } = by;
      if (find.get(userId) === undefined) return { type: "off" };
      deleteCodes.run(userId);
      for (const codeHash of codeHashes) insertCode.run(userId, codeHash);
      return { type: "done" };
    },
  };
}
