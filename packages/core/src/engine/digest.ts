import { createHash } from "node:crypto";
import type { IssueSnapshot } from "../domain/issue-snapshot.ts";
import type { FieldCodec } from "../mapping/field-codec.ts";

/** A short name for what a snapshot says in the fields that are synced. */
export function digestOf(codecs: readonly FieldCodec[], issue: IssueSnapshot): string {
  const values = codecs.map((codec) => codec.readRemote(issue));
  return createHash("sha256").update(JSON.stringify(values)).digest("base64url").slice(0, 22);
}
