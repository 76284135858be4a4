import { BackrefError } from "../errors/index.ts";
import type { Provider } from "../provider/provider.ts";
import type { Write } from "../storage/commit.ts";
import type { StorageScope } from "../storage/storage.ts";

/** Which secret of which source a vault is asked for. */
export interface CredentialName {
  readonly tenantId: string;
  readonly sourceId: string;
  /** `auth`: what the provider signs in with, as JSON. `webhook`: the signing secret. */
  readonly name: "auth" | "webhook";
}

/** A host's own vault, instead of the key ring. Values are plain text; keep them safe. */
export interface CredentialVault {
  /** Null where nothing is stored. */
  read(name: CredentialName): Promise<string | null>;
  /** Null removes it. Idempotent. */
  write(name: CredentialName, value: string | null): Promise<void>;
}

/** How services and engine reach credentials, whoever keeps them. */
export interface CredentialStore {
  /**
   * Throws `credentials-missing` where nothing readable is stored.
   * @param scope of a call inside a host's transaction, which alone sees what it has written @default none
   */
  read(name: CredentialName, scope?: StorageScope): Promise<string>;
  /** Writes to join the unit that changes the source; empty where a vault keeps them and has stored the value already. */
  stage(name: CredentialName, value: string): Promise<readonly Write[]>;
  remove(name: CredentialName): Promise<readonly Write[]>;
}

/** True where nothing was ever stored; false for a secret that is there and cannot be read. */
export function isAbsentCredential(error: unknown): boolean {
  if (!BackrefError.isInstance(error) || error.code !== "credentials-missing") return false;
  const { reason } = error.data;
  return reason === "absent";
}

/**
 * What is stored to sign in with, as JSON; `null` where nothing is and the provider takes that: such a source needs no key
 * and no vault. Throws `credentials-missing`.
 */
export async function readAuth(
  credentials: CredentialStore,
  provider: Provider,
  source: { readonly tenantId: string; readonly id: string },
  scope?: StorageScope,
): Promise<string> {
  try {
    return await credentials.read({ tenantId: source.tenantId, sourceId: source.id, name: "auth" }, scope);
  } catch (error) {
    if (isAbsentCredential(error) && takesNoAuth(provider)) return "null";
    throw error;
  }
}

/** True for providers that do without a credential, such as those with links only. */
export function takesNoAuth(provider: Provider): boolean {
  const parsed = provider.describe().auth.parse(null);
  return parsed.ok && parsed.value === null;
}
