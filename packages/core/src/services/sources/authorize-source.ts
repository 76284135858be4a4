import { createHash } from "node:crypto";
import { z } from "zod";
import { BackrefError } from "../../errors/index.ts";
import { parseInput } from "../../input/parse-input.ts";
import type { AuthorizationGroup } from "../../provider/groups/authorization.ts";
import type { Provider } from "../../provider/provider.ts";
import { providerOf } from "../../runtime/source-provider.ts";
import type { KeyRing } from "../../security/key-ring.ts";
import { sealSignIn } from "../../security/sign-in-state.ts";
import type { ServiceContext } from "../service-context.ts";
import { loadSource } from "./source-rows.ts";
import type { SourcesOptions } from "./sources-options.ts";

/** How long somebody may take to sign in. */
const signInLifeMs = 600_000;
const verifierBytes = 32;

const isWebAddress = (text: string) =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && !text.includes("#");

const authorizeRequest = z.strictObject({
  redirectUrl: z
    .string()
    .max(1_000)
    .refine(
      isWebAddress,
      "must be the absolute URL of yours that the tracker sends people back to, without a fragment",
    ),
});

/** Begins a sign-in. Stores nothing: all that is known of it travels in `state`. */
export async function authorizeSource(
  context: ServiceContext,
  options: SourcesOptions,
  id: string,
  request: unknown,
): Promise<{ readonly url: string; readonly expiresAt: number }> {
  const { runtime, actor } = context;
  const { redirectUrl } = parseInput(authorizeRequest, request, "authorization");
  const source = await loadSource(context, id, "source.authorize");
  const group = authorizationOf(providerOf(runtime, source.providerId));
  const keyRing = signInKeys(options);
  const codeVerifier = Buffer.from(runtime.random.bytes(verifierBytes)).toString("base64url");
  const codeChallenge = createHash("sha256").update(codeVerifier).digest("base64url");
  const expiresAt = runtime.clock.now() + signInLifeMs;
  const { id: sourceId, credentialVersion, baseUrl } = source;
  const begun = { sourceId, credentialVersion, baseUrl, redirectUrl, codeVerifier, expiresAt };
  const state = sealSignIn(keyRing, runtime.random, actor, begun);
  return { url: group.url({ baseUrl, options: source.options, redirectUrl, state, codeChallenge }), expiresAt };
}

/** Throws `capability-missing`. */
export function authorizationOf(provider: Provider): AuthorizationGroup<unknown, unknown> {
  if (provider.authorization !== undefined) return provider.authorization;
  throw new BackrefError({
    code: "capability-missing",
    message: `Nobody signs in to ${provider.describe().name} by redirect. Enter a credential with sources.update(id, { auth }).`,
    providerId: provider.id,
    operation: "source.authorize",
  });
}

/** Throws `credentials-missing` where there is nothing to seal a sign-in with. */
export function signInKeys({ keyRing }: SourcesOptions): KeyRing {
  if (keyRing != null) return keyRing;
  throw new BackrefError({
    code: "credentials-missing",
    message:
      "A sign-in needs a key that seals what travels to the tracker and back. Give createBackref `secretKeys` (make a key with `openssl rand -base64 32`), also beside `credentials`: your vault keeps the credentials then, the key only seals sign-ins.",
    operation: "source.authorize",
  });
}
