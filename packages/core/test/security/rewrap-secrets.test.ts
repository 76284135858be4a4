import { createMemoryStorage } from "@backref/storage-memory";
import { createFakeGitHub } from "@backref/testing/github";
import { describe, expect, it } from "vitest";
import { type Backref, createBackref, type SecretKey, type Storage } from "../../src/index.ts";
import { errorOf } from "../support/error-of.ts";
import { provider } from "../support/github-world.ts";

const key = (fill: number) => Buffer.alloc(32, fill).toString("base64");
const oldKey: SecretKey = { id: "2025", key: key(1) };
const newKey: SecretKey = { id: "2026", key: key(2) };

function createHosts() {
  const storage = createMemoryStorage();
  const github = createFakeGitHub({ repositories: ["acme/web"], webhooks: "manual" });
  const withKeys = (secretKeys: readonly SecretKey[], over: Storage = storage) =>
    createBackref({ storage: over, providers: [provider], secretKeys, fetch: github.fetch });
  const sourcesOf = (backref: Pick<Backref, "as">, tenantId: string) =>
    (backref as ReturnType<typeof withKeys>).as({ tenantId, userId: "u1", role: "owner" }).sources;
  const add = async (backref: Pick<Backref, "as">, tenantId = "acme", count = 1) => {
    const ids: string[] = [];
    for (let number = 0; number < count; number += 1) {
      const auth = { type: "token", token: github.token } as const;
      const source = await sourcesOf(backref, tenantId).create({ name: `S${number}`, provider: "github", auth });
      ids.push(source.id);
    }
    return ids;
  };
  const rows = (tenantId = "acme") => storage.find({ tenantId }, { table: "secret", by: "all", keys: [[]] });
  return { storage, github, withKeys, sourcesOf, add, rows };
}

describe("rewrapSecrets", () => {
  it("seals everything of a tenant under the first key, so that the old one can go", async () => {
    const { withKeys, sourcesOf, add, rows } = createHosts();
    const [id = ""] = await add(withKeys([oldKey]));
    const { secret } = await sourcesOf(withKeys([oldKey]), "acme").webhook(id);
    await add(withKeys([oldKey]), "other");
    const both = withKeys([newKey, oldKey]);
    expect(await both.rewrapSecrets({ tenantId: "acme" })).toEqual({
      rewrapped: 2,
      keyIds: { "2026": 2 },
      unreadable: [],
      more: false,
    });
    const after = await rows();
    expect(await both.rewrapSecrets({ tenantId: "acme" })).toMatchObject({ rewrapped: 0, keyIds: { "2026": 2 } });
    expect(await rows()).toEqual(after);
    const alone = sourcesOf(withKeys([newKey]), "acme");
    expect(await alone.test(id)).toMatchObject({ account: { login: "backref-bot" } });
    expect(await alone.webhook(id)).toMatchObject({ secret });
    // Another tenant's are its own matter.
    expect((await rows("other")).map(({ keyId }) => keyId)).toEqual(["2025"]);
  });

  it("goes through as many as there are, a part at a time where that is asked for", async () => {
    const { withKeys, add, rows } = createHosts();
    await add(withKeys([oldKey]), "acme", 450);
    const both = withKeys([newKey, oldKey]);
    const counts: number[] = [];
    for (;;) {
      const { rewrapped, keyIds, more } = await both.rewrapSecrets({ tenantId: "acme", limit: 130 });
      counts.push(rewrapped);
      const done = counts.reduce((sum, count) => sum + count, 0);
      expect(keyIds).toEqual(done === 450 ? { "2026": 450 } : { "2025": 450 - done, "2026": done });
      if (!more) break;
    }
    expect(counts).toEqual([130, 130, 130, 60]);
    expect(new Set((await rows()).map(({ keyId }) => keyId))).toEqual(new Set(["2026"]));
  });

  it("leaves alone what somebody writes at the same moment, and counts it as it is then", async () => {
    const { storage, github, withKeys, sourcesOf, add, rows } = createHosts();
    const [changed = "", deleted = ""] = await add(withKeys([oldKey]), "acme", 2);
    const meanwhile: Storage = {
      ...storage,
      async commit(scope, units) {
        await sourcesOf(withKeys([oldKey]), "acme").update(changed, {
          auth: { type: "token", token: `${github.token}x` },
        });
        await sourcesOf(withKeys([oldKey]), "acme").delete(deleted);
        return storage.commit(scope, units);
      },
    };
    const summary = await withKeys([newKey, oldKey], meanwhile).rewrapSecrets({ tenantId: "acme" });
    expect(summary).toEqual({ rewrapped: 0, keyIds: { "2025": 1 }, unreadable: [], more: false });
    expect(await sourcesOf(withKeys([oldKey]), "acme").test(changed)).toMatchObject({ account: null });
    expect(await withKeys([newKey, oldKey]).rewrapSecrets({ tenantId: "acme" })).toMatchObject({ rewrapped: 1 });
    expect((await rows()).map(({ keyId }) => keyId)).toEqual(["2026"]);
  });

  it("names what it cannot open, leaves it as it is, and says nothing of what is inside", async () => {
    const { storage, github, withKeys, add, rows } = createHosts();
    const [lost = ""] = await add(withKeys([{ id: "lost", key: key(9) }]));
    const [damaged = ""] = await add(withKeys([oldKey]));
    const [row] = await storage.find({ tenantId: "acme" }, { table: "secret", by: "name", keys: [[damaged, "auth"]] });
    const envelope = `AAAA${row?.envelope.slice(4)}`;
    const write = { type: "update", table: "secret", id: row?.id ?? "", set: { envelope } } as const;
    await storage.commit({ tenantId: "acme" }, [{ write: [write] }]);
    await add(withKeys([oldKey]));
    const before = await rows();
    const summary = await withKeys([newKey, oldKey]).rewrapSecrets({ tenantId: "acme" });
    expect(summary).toMatchObject({ rewrapped: 1, keyIds: { lost: 1, "2025": 1, "2026": 1 }, more: false });
    expect(summary.unreadable).toEqual(
      expect.arrayContaining([
        { sourceId: lost, name: "auth", keyId: "lost", reason: "unknown-key" },
        { sourceId: damaged, name: "auth", keyId: "2025", reason: "damaged" },
      ]),
    );
    expect(JSON.stringify(summary)).not.toContain(github.token);
    const after = await rows();
    for (const { sourceId } of summary.unreadable) {
      expect(after.find((one) => one.sourceId === sourceId)).toEqual(before.find((one) => one.sourceId === sourceId));
    }
  });

  it("two at once do it once", async () => {
    const { withKeys, add } = createHosts();
    await add(withKeys([oldKey]), "acme", 20);
    const both = [withKeys([newKey, oldKey]), withKeys([newKey, oldKey])];
    const summaries = await Promise.all(both.map((one) => one.rewrapSecrets({ tenantId: "acme" })));
    expect(summaries.reduce((sum, { rewrapped }) => sum + rewrapped, 0)).toBe(20);
    for (const { keyIds } of summaries) expect(keyIds).toEqual({ "2026": 20 });
  });

  it("needs a tenant, keys, and an instance that is open", async () => {
    const { storage, withKeys } = createHosts();
    const keyless = createBackref({ storage, providers: [provider] });
    await expect(keyless.rewrapSecrets({ tenantId: "acme" })).rejects.toThrow(TypeError);
    const backref = withKeys([newKey]);
    for (const wrong of [
      undefined,
      {},
      { tenantId: "" },
      { tenantId: "acme", limit: 0 },
      { tenantId: "acme", all: true },
    ]) {
      expect(await errorOf(backref.rewrapSecrets(wrong as never))).toMatchObject({ code: "invalid-input" });
    }
    expect(await backref.rewrapSecrets({ tenantId: "nobody" })).toMatchObject({ rewrapped: 0, keyIds: {} });
    await backref.close();
    expect(await errorOf(backref.rewrapSecrets({ tenantId: "acme" }))).toMatchObject({ code: "closed" });
  });
});
