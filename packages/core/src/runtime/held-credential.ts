import { BackrefError } from "../errors/index.ts";
import type { Provider } from "../provider/provider.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";
import type { StorageScope } from "../storage/storage.ts";
import { type CredentialStore, readAuth } from "./credentials.ts";

/** A credential as somebody read it. Never logged, never stored in this form. */
export interface HeldCredential {
  /** As it was before the credential was read, so that a change in between shows. */
  readonly source: SourceRow;
  readonly provider: Provider;
  /** As it is stored: tells whether it was replaced since. */
  readonly text: string;
  /** As `describe().auth` parsed it. */
  readonly auth: unknown;
}

/** Throws `credentials-missing` where nothing readable is stored, or nothing that the provider still takes. */
export async function readCredential(
  credentials: CredentialStore,
  provider: Provider,
  source: SourceRow,
  scope?: StorageScope,
): Promise<HeldCredential> {
  const text = await readAuth(credentials, provider, source, scope);
  const parsed = provider.describe().auth.parse(readJson(text));
  if (parsed.ok) return { source, provider, text, auth: parsed.value };
  throw new BackrefError({
    code: "credentials-missing",
    message: `The stored credential of source "${source.name}" does not fit provider "${provider.id}" any more. Enter it again.`,
    providerId: provider.id,
    issues: parsed.issues,
  });
}

/** What is no JSON fits no form either. The parser's own error would quote it. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** True where core renews it by itself. */
export function renewsItself(provider: Provider, auth: unknown): boolean {
  return provider.authorization?.canRefresh(auth) === true;
}

/** When a person has to replace it, milliseconds since 1970 UTC; null for never, unknown, or where it renews itself. */
export function credentialEnd(provider: Provider, auth: unknown): number | null {
  return renewsItself(provider, auth) ? null : (provider.authorization?.expiresAt(auth) ?? null);
}

/** Keeps credentials usable: renewed before they end, once, whoever asks and in however many processes. */
export interface Renewals {
  /**
   * The credential itself, or a newer one where it is about to end. Throws a `ProviderError`: `auth` where only a person
   * can help, others where it could not be renewed now.
   */
  fresh(held: HeldCredential): Promise<HeldCredential>;
  /**
   * A better one than this, which the tracker has refused: somebody replaced it, or it was renewed. Null where only a
   * person can help. Throws like `fresh`.
   */
  afterRefusal(held: HeldCredential): Promise<HeldCredential | null>;
}
