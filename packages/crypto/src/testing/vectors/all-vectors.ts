import { accountVectors, revisionVectors } from "./account-vectors.ts";
import { opaqueVectors, pairingVectors } from "./exchange-vectors.ts";
import { tellStory } from "./sample-story.ts";
import { canonicalVectors, statementVectors } from "./statement-vectors.ts";
import type { VectorFile } from "./vector-file.ts";

/** Every generated file of `vectors/protocol-4`, by name, as the text that is committed. */
export function allVectors(): ReadonlyMap<string, string> {
  const story = tellStory();
  const files: Record<string, VectorFile> = {
    "account.json": accountVectors(story),
    "canonical.json": canonicalVectors(),
    "opaque.json": opaqueVectors(),
    "pairing.json": pairingVectors(story),
    "revisions.json": revisionVectors(story),
    "statements.json": statementVectors(story),
  };
  return new Map(
    Object.entries(files).map(([name, file]) => [name, `${JSON.stringify(file, null, 2)}\n`]),
  );
}
