import { createMemoryStorage } from "@backref/storage-memory";
import { createSeededRandom } from "@backref/testing";
import { describe, expect, it } from "vitest";
import type { CredentialName } from "../../src/runtime/credentials.ts";
import { isAbsentCredential } from "../../src/runtime/credentials.ts";
import { createStoredCredentials, createVaultCredentials } from "../../src/security/credentials.ts";
import { createKeyRing, generateSecretKey, type SecretKey } from "../../src/security/key-ring.ts";
import { openSecret, sealSecret } from "../../src/security/secret-box.ts";

const random = createSeededRandom(1);
const [keyA, keyB] = [generateSecretKey(random), generateSecretKey(random)];
const ring = (...keys: SecretKey[]) => createKeyRing(keys);
const name: CredentialName = { tenantId: "acme", sourceId: "s1", name: "auth" };

describe("key ring", () => {
  it("takes 32 bytes as base64, base64url, hexadecimal text or bytes, and they are the same key", () => {
    const bytes = Buffer.from(keyA, "base64");
    for (const key of [keyA, bytes.toString("base64url"), bytes.toString("hex"), new Uint8Array(bytes)]) {
      const sealed = sealSecret(ring({ id: "a", key: keyA }), random, name, "hello");
      expect(openSecret(ring({ id: "a", key }), name, sealed)).toEqual({ ok: true, text: "hello" });
    }
  });

  it.each([["short"], [""], [undefined], ["x".repeat(44)], [new Uint8Array(16)], ["0".repeat(63)]])(
    "refuses %s and says how to make a key",
    (key) => {
      expect(() => ring({ id: "a", key })).toThrow(TypeError);
      expect(() => ring({ id: "a", key })).toThrow(/openssl rand -base64 32/);
    },
  );

  it("refuses an empty ring, repeated and unusable ids", () => {
    expect(() => ring()).toThrow(/at least one key/);
    expect(() => ring({ id: "a", key: keyA }, { id: "a", key: keyB })).toThrow(/given twice/);
    expect(() => ring({ id: "", key: keyA })).toThrow(/with an `id` of 1 to 64/);
  });

  it("fingerprints alike under one key, and unlike under another", () => {
    expect(ring({ id: "a", key: keyA }).fingerprint("x")).toBe(ring({ id: "b", key: keyA }).fingerprint("x"));
    expect(ring({ id: "a", key: keyA }).fingerprint("x")).not.toBe(ring({ id: "a", key: keyB }).fingerprint("x"));
    expect(ring({ id: "a", key: keyA }).fingerprint("x")).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe("sealed secrets", () => {
  const old = ring({ id: "old", key: keyA });
  const rotated = ring({ id: "new", key: keyB }, { id: "old", key: keyA });

  it("open again, whatever they contain, and never look the same twice", () => {
    for (const text of ["", "ghp_secret", "ünïcode 🔑", "x".repeat(10_000)]) {
      const sealed = sealSecret(old, random, name, text);
      expect(openSecret(old, name, sealed)).toEqual({ ok: true, text });
      expect(sealSecret(old, random, name, text).envelope).not.toBe(sealed.envelope);
    }
  });

  it("survive a key rotation; new ones are under the new key", () => {
    const before = sealSecret(old, random, name, "hello");
    expect(openSecret(rotated, name, before)).toEqual({ ok: true, text: "hello" });
    const after = sealSecret(rotated, random, name, "hello");
    expect(after.keyId).toBe("new");
    expect(openSecret(old, name, after)).toEqual({ ok: false, reason: "unknown-key" });
  });

  it("do not open under another key of the same id", () => {
    const sealed = sealSecret(old, random, name, "hello");
    expect(openSecret(ring({ id: "old", key: keyB }), name, sealed)).toEqual({ ok: false, reason: "damaged" });
  });

  it.each([
    ["tenant", { ...name, tenantId: "other" }],
    ["source", { ...name, sourceId: "s2" }],
    ["name", { ...name, name: "webhook" as const }],
  ])("do not open for another %s", (_what, elsewhere) => {
    expect(openSecret(old, elsewhere, sealSecret(old, random, name, "hello"))).toEqual({
      ok: false,
      reason: "damaged",
    });
  });

  it("do not open under another key id, even if the key is the same", () => {
    const both = ring({ id: "old", key: keyA }, { id: "alias", key: keyA });
    const sealed = sealSecret(both, random, name, "hello");
    expect(openSecret(both, name, { ...sealed, keyId: "alias" })).toEqual({ ok: false, reason: "damaged" });
  });

  it("do not open with any byte changed, cut off or missing", () => {
    const sealed = sealSecret(old, random, name, "hello");
    const bytes = Buffer.from(sealed.envelope, "base64");
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      const envelope = changed.toString("base64");
      expect(openSecret(old, name, { ...sealed, envelope })).toEqual({ ok: false, reason: "damaged" });
    }
    for (const length of [0, 5, 12, 27]) {
      const envelope = bytes.subarray(0, length).toString("base64");
      expect(openSecret(old, name, { ...sealed, envelope })).toEqual({ ok: false, reason: "damaged" });
    }
  });
});

describe("stored credentials", () => {
  const scope = { tenantId: "acme" };
  const stored = (keyRing: ReturnType<typeof ring> | null, storage = createMemoryStorage()) => ({
    storage,
    credentials: createStoredCredentials({ keyRing, storage, random }),
  });

  it("write an envelope, read it back, replace it, and remove it", async () => {
    const { storage, credentials } = stored(ring({ id: "a", key: keyA }));
    for (const value of ["one", "two"]) {
      await storage.commit(scope, [{ write: await credentials.stage(name, value) }]);
      expect(await credentials.read(name)).toBe(value);
    }
    const rows = await storage.find(scope, { table: "secret", by: "all", keys: [[]] });
    expect(rows).toHaveLength(1);
    await storage.commit(scope, [{ write: await credentials.remove(name) }]);
    await expect(credentials.read(name)).rejects.toSatisfy(isAbsentCredential);
  });

  it("say what to do without a key, with a lost key and with a wrong key", async () => {
    const { storage, credentials } = stored(ring({ id: "a", key: keyA }));
    await storage.commit(scope, [{ write: await credentials.stage(name, "one") }]);
    await expect(stored(null).credentials.stage(name, "x")).rejects.toThrow(/secretKeys.*openssl/);
    const cases = [
      [null, /No secret keys were given/],
      [ring({ id: "b", key: keyA }), /key "a", which is not in `secretKeys`/],
      [ring({ id: "a", key: keyB }), /does not open under key "a"/],
    ] as const;
    for (const [keyRing, message] of cases) {
      const error = await stored(keyRing, storage)
        .credentials.read(name)
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "credentials-missing", data: { reason: "unreadable" } });
      expect(String(error)).toMatch(message);
      expect(isAbsentCredential(error)).toBe(false);
    }
  });

  it("can live in the host's vault instead, which leaves nothing to commit", async () => {
    const vault = new Map<string, string>();
    const credentials = createVaultCredentials({
      read: async ({ sourceId }) => vault.get(sourceId) ?? null,
      write: async ({ sourceId }, value) => {
        if (value === null) vault.delete(sourceId);
        else vault.set(sourceId, value);
      },
    });
    await expect(credentials.read(name)).rejects.toMatchObject({ code: "credentials-missing" });
    expect(await credentials.stage(name, "one")).toEqual([]);
    expect(await credentials.read(name)).toBe("one");
    expect(await credentials.remove(name)).toEqual([]);
    expect(vault.size).toBe(0);
  });
});
