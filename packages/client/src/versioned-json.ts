/** Reading the durable texts of a device, each one versioned JSON: as a whole or not at all. */
import { z } from "zod";

export type Damaged = {
  readonly type: "damaged";
  /** a newer version of this program wrote it */
  readonly isNewer: boolean;
  /** names what is wrong and never quotes it */
  readonly detail: string;
};

export function damaged(detail: string): Damaged {
  return { type: "damaged", isNewer: false, detail };
}

/** What `schema` makes of the text; `what` it is to be, for people: "no profile". */
export function readVersionedJson<Schema extends z.ZodType>(
  text: string,
  { version, schema, what }: { version: number; schema: Schema; what: string },
): { readonly type: "read"; readonly value: z.output<Schema> } | Damaged {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return damaged("it is not JSON");
  }
  const found = z.object({ version: z.number() }).safeParse(value).data?.version;
  if (found !== undefined && found > version)
    return { ...damaged("a newer version of Holdfast wrote it"), isNewer: true };
  const read = schema.safeParse(value);
  if (read.success) return { type: "read", value: read.data };
  const field = read.error.issues[0]?.path.join(".") ?? "";
  return damaged(field === "" ? `it is ${what}` : `its ${field} is wrong`);
}
