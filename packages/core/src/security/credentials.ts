import { v5 } from "uuid";
import { BackrefError } from "../errors/index.ts";
import type { Random } from "../ports/random.ts";
import type { CredentialName, CredentialStore, CredentialVault } from "../runtime/credentials.ts";
import type { Storage } from "../storage/storage.ts";
import type { KeyRing } from "./key-ring.ts";
import { openSecret, sealSecret } from "./secret-box.ts";

export interface StoredCredentialsOptions {
  /** Null where the host gave no keys: then nothing can be stored or read, and errors say what to do. */
  readonly keyRing: KeyRing | null;
  readonly storage: Storage;
  readonly random: Random;
}

const whatToGive =
  'Give createBackref `secretKeys: [{ id: "2026-11", key: process.env.BACKREF_KEY }]` (make a key with `openssl rand -base64 32`), or `credentials: { read, write }` on your own vault.';

/** Credentials in the storage, sealed under the key ring. Errors carry `data.reason`: `absent` or `unreadable`. */
export function createStoredCredentials(options: StoredCredentialsOptions): CredentialStore {
  const { keyRing, storage, random } = options;
  return {
    async read(name, scope = { tenantId: name.tenantId }) {
      const [row] = await storage.find(scope, {
        table: "secret",
        by: "name",
        keys: [[name.sourceId, name.name]],
      });
      if (row === undefined) throw absent(name);
      if (keyRing === null) throw unreadable(name, `No secret keys were given. ${whatToGive}`);
      const opened = openSecret(keyRing, name, row);
      if (opened.ok) return opened.text;
      throw unreadable(
        name,
        opened.reason === "unknown-key"
          ? `It was encrypted under key "${row.keyId}", which is not in \`secretKeys\`. Add that key again, after the current one, or enter the credential again.`
          : `It does not open under key "${row.keyId}": the key's bytes are others than at the time, or the row was changed. Restore the key or enter the credential again.`,
      );
    },
    async stage(name, value) {
      if (keyRing === null) {
        throw new BackrefError({
          code: "credentials-missing",
          message: `The credential cannot be stored: there is no key to encrypt it with. ${whatToGive}`,
          operation: "credential.store",
        });
      }
      const { tenantId, sourceId } = name;
      const sealed = sealSecret(keyRing, random, name, value);
      return [
        { type: "put", table: "secret", row: { tenantId, id: secretId(name), sourceId, name: name.name, ...sealed } },
      ];
    },
    async remove(name) {
      return [{ type: "delete", table: "secret", id: secretId(name) }];
    },
  };
}

/** Credentials in the host's own vault. What is staged there is stored at once. */
export function createVaultCredentials(vault: CredentialVault): CredentialStore {
  return {
    async read(name) {
      const value = await vault.read(name);
      if (value === null) throw absent(name);
      return value;
    },
    async stage(name, value) {
      await vault.write(name, value);
      return [];
    },
    async remove(name) {
      await vault.write(name, null);
      return [];
    },
  };
}

const secretNamespace = "0f6d2d5e-6d3c-5a0e-9d57-4c1f3c8a7b21";

// The id follows from source and name, so that two writers replace each other's row and never collide.
function secretId(name: CredentialName): string {
  return v5(`${name.sourceId}/${name.name}`, secretNamespace);
}

function absent(name: CredentialName): BackrefError {
  return new BackrefError({
    code: "credentials-missing",
    message:
      name.name === "auth"
        ? `No credential is stored for source ${name.sourceId}. Enter one with sources.update(id, { auth }), or sign in with sources.authorize(id) where the tracker offers it.`
        : `No webhook secret is stored for source ${name.sourceId}. sources.webhook(id) makes one.`,
    operation: "credential.read",
    data: { reason: "absent", sourceId: name.sourceId },
  });
}

function unreadable(name: CredentialName, why: string): BackrefError {
  return new BackrefError({
    code: "credentials-missing",
    message: `The stored ${name.name === "auth" ? "credential" : "webhook secret"} of source ${name.sourceId} cannot be read. ${why}`,
    operation: "credential.read",
    data: { reason: "unreadable", sourceId: name.sourceId },
  });
}
