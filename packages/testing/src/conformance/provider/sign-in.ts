import { createHash } from "node:crypto";
import type { ProviderCall } from "@backref/core/provider";
import { able, type ProviderContext, parseInput } from "./context.ts";
import { groupOf } from "./define-rules.ts";
import { secretsOf } from "./secrets.ts";

export const sampleState = "2026-11.c2VhbGVkLXN0YXRlLW9mLXRoZS1ydWxlcw_-~";
const sampleVerifier = "dmVyaWZpZXItb2YtdGhlLXJ1bGVzLWlzLWxvbmctZW5vdWdo";

const challenge = createHash("sha256").update(sampleVerifier).digest("base64url");

export function signInUrl(context: ProviderContext, state: string = sampleState): string {
  const { redirectUrl } = able(context, "signIn");
  const { baseUrl, options } = context.site;
  return groupOf(context, "authorization").url({ baseUrl, options, redirectUrl, state, codeChallenge: challenge });
}

/** What the tracker sends the browser back with, as core hands it on. */
export async function redirectQuery(context: ProviderContext): Promise<Readonly<Record<string, string>>> {
  const redirect = new URL(await able(context, "signIn").agree(signInUrl(context)));
  const { state: _state, ...query } = Object.fromEntries(redirect.searchParams);
  return query;
}

/** A call as core makes it where there is no credential yet. */
function unsignedCall(context: ProviderContext): Omit<ProviderCall<null>, "auth"> {
  const { auth: _auth, ...call } = context.call();
  return call;
}

export function exchange(context: ProviderContext, query: Readonly<Record<string, string>>): Promise<unknown> {
  const { redirectUrl } = able(context, "signIn");
  const request = { query, redirectUrl, codeVerifier: sampleVerifier };
  return groupOf(context, "authorization").exchange(unsignedCall(context), request);
}

/** An exchange; answers with what its requests said, addresses included. */
export async function watchedExchange(
  context: ProviderContext,
  query: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const { redirectUrl } = able(context, "signIn");
  const call = unsignedCall(context);
  const requests: string[] = [];
  const fetch: typeof call.fetch = async (input, init) => {
    const request = new Request(input instanceof Request ? input.clone() : input, init);
    requests.push(`${request.url} ${await request.text()}`);
    return call.fetch(input, init);
  };
  const request = { query, redirectUrl, codeVerifier: sampleVerifier };
  await groupOf(context, "authorization").exchange({ ...call, fetch }, request);
  return requests;
}

/** A credential as core stores and reads it. */
export function stored(context: ProviderContext, auth: unknown): unknown {
  const parsed = parseInput(context.provider.describe().auth, auth, "auth");
  return parseInput(context.provider.describe().auth, JSON.parse(JSON.stringify(parsed)), "auth");
}

/** A whole sign-in; answers with the credential. */
export async function signIn(context: ProviderContext): Promise<unknown> {
  return stored(context, await exchange(context, await redirectQuery(context)));
}

export function refresh(context: ProviderContext, auth: unknown): Promise<unknown> {
  return groupOf(context, "authorization").refresh(context.call({ auth, credentialId: "credential-2" }));
}

/** Everything of a sign-in that must not show. */
export function signInSecrets(
  context: ProviderContext,
  more: { readonly auth?: unknown; readonly query?: Readonly<Record<string, string>> },
): readonly string[] {
  const { code = "" } = more.query ?? {};
  const ofAuth = more.auth === undefined ? [] : secretsOf(context, more.auth);
  const { applicationSecrets } = able(context, "signIn");
  return [...applicationSecrets, sampleVerifier, ...ofAuth, code].filter((secret) => secret !== "");
}
