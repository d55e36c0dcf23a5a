/** Reads settings one by one and collects what is wrong with them, so that a person sees every fault at once. */
import { settingFlags, type SettingFlagName, type SettingVariable } from "./setting-names.ts";

export type Flags = Readonly<Partial<Record<SettingFlagName, string | undefined>>>;
export type Environment = Readonly<Record<string, string | undefined>>;

export interface SettingReader {
  /** The flag's value, else the variable's; an empty one counts as unset. */
  get(variable: SettingVariable): string | undefined;
  /** How a person set it: `--port` or `PORT`. */
  nameOf(variable: SettingVariable): string;
  /** Notes a fault. `what` continues a sentence that begins with the setting's name. */
  refuse(variable: SettingVariable, what: string): void;
  readonly problems: readonly string[];
}

export function createSettingReader(flags: Flags, env: Environment): SettingReader {
  const problems: string[] = [];
  const flagOf = new Map<string, SettingFlagName>(
    settingFlags.map(({ variable, flag }) => [variable, flag]),
  );
  const givenFlag = (variable: SettingVariable): SettingFlagName | undefined => {
    const flag = flagOf.get(variable);
    return flag === undefined || flags[flag] === undefined ? undefined : flag;
  };
  const nameOf = (variable: SettingVariable): string => {
    const flag = givenFlag(variable);
    return flag === undefined ? variable : `--${flag}`;
  };

  return {
    problems,
    nameOf,
    get(variable) {
      const flag = givenFlag(variable);
      const value = flag === undefined ? env[variable] : flags[flag];
      return value === "" ? undefined : value;
    },
    refuse(variable, what) {
      problems.push(`${nameOf(variable)} ${what}`);
    },
  };
}
