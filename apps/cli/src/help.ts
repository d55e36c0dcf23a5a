import { stripVTControlCharacters, styleText } from "node:util";
import type { Argument, HelpConfiguration } from "commander";
import { Help } from "commander";

/** The part of a help text that shows a command in use. */
export function examples(lines: readonly string[]): string {
  return ["", title("Examples:"), ...lines.map((line) => `  $ ${line}`)].join("\n");
}

/** How help texts look: what one can do comes first, how to tune it after that. */
export const helpStyle: HelpConfiguration = {
  showGlobalOptions: true,
  styleTitle: title,
  styleCommandText: term,
  styleSubcommandText: term,
  styleOptionText: term,
  subcommandTerm: (command) =>
    [command.name(), ...command.registeredArguments.map(argumentTerm)].join(" "),
  formatHelp(command, helper) {
    const text = Help.prototype.formatHelp.call(this, command, helper);
    const sections = text.trimEnd().split(/\n{2,}/u);
    const options = sections.filter((section) =>
      /^[^\n]*options:\n/iu.test(stripVTControlCharacters(section)),
    );
    const others = sections.filter((section) => !options.includes(section));
    return `${[...others, ...options].join("\n\n")}\n`;
  },
};

function argumentTerm(argument: Argument): string {
  return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;
}

// Commander strips styles where the output is no terminal.
function title(text: string): string {
  return styleText("bold", text, { validateStream: false });
}

function term(text: string): string {
  return styleText("cyan", text, { validateStream: false });
}
