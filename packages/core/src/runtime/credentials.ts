import type { Write } from "../storage/commit.ts";

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
  /** Throws `credentials-missing` where nothing readable is stored. */
  read(name: CredentialName): Promise<string>;
  /** Writes to join the unit that changes the source; empty where a vault keeps them and has stored the value already. */
  stage(name: CredentialName, value: string): Promise<readonly Write[]>;
  remove(name: CredentialName): Promise<readonly Write[]>;
}
