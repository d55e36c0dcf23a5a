import { chapters } from "./command-table.ts";
import { isGlobalFlag, isGlobalOption } from "./global-options.ts";

/**
 * The names that lead to the command which `args` asks for: `["pref", "set"]`. Undefined where they name none for certain: then it takes all
 * commands to say what is wrong, or what there is.
 */
export function commandPath(args: readonly string[]): readonly string[] | undefined {
  const path: string[] = [];
  let choices = chapters;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? "";
    if (isGlobalFlag(arg)) continue;
    if (isGlobalOption(arg)) {
      // Its value is the next argument, if it does not come with it.
      if (!arg.includes("=")) at += 1;
      continue;
    }
    const { commands } = choices.find(({ commands }) => Object.hasOwn(commands, arg)) ?? {};
    const chosen = commands?.[arg];
    if (chosen === undefined) return undefined;
    path.push(arg);
    if (typeof chosen === "function") return path;
    choices = chosen.chapters;
  }
  return undefined;
}
