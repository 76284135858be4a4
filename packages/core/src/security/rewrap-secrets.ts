import type { Random } from "../ports/random.ts";
import type { SecretRow } from "../storage/rows/source-rows.ts";
import type { Storage } from "../storage/storage.ts";
import type { KeyRing } from "./key-ring.ts";
import { openSecret, sealSecret } from "./secret-box.ts";

/** A secret that could not be sealed anew. */
export interface UnreadableSecret {
  readonly sourceId: string;
  readonly name: "auth" | "webhook";
  readonly keyId: string;
  /** `unknown-key`: its key is not in `secretKeys`. `damaged`: it does not open with that key. */
  readonly reason: "unknown-key" | "damaged";
}

/** What `rewrapSecrets` did, and which keys are in use after it. */
export interface RewrapSummary {
  /** Secrets sealed anew by this call. */
  readonly rewrapped: number;
  /** How many secrets are sealed under which key, after it. What is not named here is in use nowhere in this tenant. */
  readonly keyIds: Readonly<Record<string, number>>;
  /** What stays under its old key: restore that key, or enter these anew. At most 100. */
  readonly unreadable: readonly UnreadableSecret[];
  /** True where `limit` was reached: call again. */
  readonly more: boolean;
}

const rowsPerRead = 200;
const mostUnreadable = 100;

/**
 * Seals a tenant's secrets anew under the ring's first key, each only if it is still what was read: whoever writes meanwhile
 * wins. Nothing is remembered between calls, since what is done shows in the rows.
 */
export async function rewrapSecrets(
  { storage, keyRing, random }: { readonly storage: Storage; readonly keyRing: KeyRing; readonly random: Random },
  { tenantId, limit }: { readonly tenantId: string; readonly limit: number },
): Promise<RewrapSummary> {
  const keyIds: Record<string, number> = {};
  const unreadable: UnreadableSecret[] = [];
  let rewrapped = 0;
  let more = false;
  let after: string | undefined;
  for (;;) {
    const rows = await storage.find(
      { tenantId },
      { table: "secret", by: "all", keys: [[]], limit: rowsPerRead, ...(after === undefined ? {} : { after }) },
    );
    after = rows.at(-1)?.id;
    if (after === undefined) return { rewrapped, keyIds, unreadable, more };
    const old = rows.filter((row) => row.keyId !== keyRing.current.id);
    const sealed = new Map<string, SecretRow>();
    for (const row of old) {
      const name = { tenantId, sourceId: row.sourceId, name: row.name };
      const opened = openSecret(keyRing, name, row);
      if (opened.ok && rewrapped + sealed.size >= limit) more = true;
      else if (opened.ok) sealed.set(row.id, { ...row, ...sealSecret(keyRing, random, name, opened.text) });
      else if (unreadable.length < mostUnreadable) {
        unreadable.push({ sourceId: row.sourceId, name: row.name, keyId: row.keyId, reason: opened.reason });
      }
    }
    const now = await replace(storage, tenantId, rows, sealed);
    rewrapped += now.rewrapped;
    for (const keyId of now.keyIds) keyIds[keyId] = (keyIds[keyId] ?? 0) + 1;
  }
}

/** Writes what was sealed anew, and says under which keys the rows are now. */
async function replace(
  storage: Storage,
  tenantId: string,
  rows: readonly SecretRow[],
  sealed: ReadonlyMap<string, SecretRow>,
): Promise<{ readonly rewrapped: number; readonly keyIds: readonly string[] }> {
  const before = rows.filter((row) => sealed.has(row.id));
  const outcomes = await storage.commit(
    { tenantId },
    before.map((row) => {
      const { keyId, envelope } = sealed.get(row.id) ?? row;
      return {
        require: [{ table: "secret", id: row.id, match: { keyId: row.keyId, envelope: row.envelope } }],
        write: [{ type: "update", table: "secret", id: row.id, set: { keyId, envelope } }],
      };
    }),
  );
  const isCommitted = (index: number) => outcomes[index]?.status === "committed";
  const overtaken = before.filter((_row, index) => !isCommitted(index));
  const current =
    overtaken.length === 0
      ? []
      : await storage.find({ tenantId }, { table: "secret", by: "id", keys: overtaken.map(({ id }) => [id]) });
  const untouched = rows.filter((row) => !sealed.has(row.id));
  const done = before.filter((_row, index) => isCommitted(index)).flatMap((row) => sealed.get(row.id) ?? []);
  return { rewrapped: done.length, keyIds: [...untouched, ...done, ...current].map(({ keyId }) => keyId) };
}
