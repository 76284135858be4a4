import { createHash } from "node:crypto";
import type { IssueSnapshot } from "../domain/issue-snapshot.ts";
import type { FieldCodec } from "../mapping/field-codec.ts";
import { asList } from "../mapping/value-lists.ts";

/** A short name for what a snapshot says in the fields that are synced. */
export function digestOf(codecs: readonly FieldCodec[], issue: IssueSnapshot): string {
  const values = codecs.map((codec) => {
    const value = codec.readRemote(issue);
    // Not every way to read an issue lists its people in the same order.
    return codec.member === undefined ? value : asList(value).toSorted();
  });
  return createHash("sha256").update(JSON.stringify(values)).digest("base64url").slice(0, 22);
}
