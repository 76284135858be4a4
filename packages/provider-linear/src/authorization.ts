import type { AuthorizationGroup, ProviderCall } from "@backref/core/provider";
import { createTransport, parseShape, UnexpectedShape } from "@backref/provider-kit";
import { z } from "zod";
import { type ClientSettings, createClient, problemsIn } from "./client.ts";
import { organizationDocument } from "./documents.ts";
import { errors, fromProblems, fromStatus, type Operation, signInNeeded } from "./errors.ts";
import { authorizeUrl, tokenUrlOf } from "./site.ts";
import type { LinearAuth, LinearOAuthAuth, LinearOptions } from "./types.ts";

/** How the host's application is known to Linear: https://linear.app/settings/api/applications */
export interface LinearApplication {
  readonly clientId: string;
  readonly clientSecret: string;
  /**
   * Who does what Backref does: the application itself, or the person who signed in. Only an administrator of the workspace
   * can agree to the application. @default "app"
   */
  readonly actor?: "app" | "user";
}

const scopes = ["read", "write"];
const exchanging: Operation = { name: "authorization.exchange", isWrite: true };
const refreshing: Operation = { name: "authorization.refresh", isWrite: true };

const tokensShape = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  expires_in: z.number().nullish(),
});
const organizationShape = z.object({ organization: z.object({ id: z.string() }) });

type Call = Omit<ProviderCall<unknown, LinearOptions>, "auth">;

/** Sign-in with proof key; see https://linear.app/developers/oauth-2-0-authentication and, for `actor`, oauth-actor-authorization */
export function createAuthorizationGroup(
  { clientId, clientSecret, actor = "app" }: LinearApplication,
  settings: ClientSettings,
): AuthorizationGroup<LinearAuth, LinearOptions> {
  const ask = async (call: Call, operation: Operation, fields: Readonly<Record<string, string>>) => {
    const body = new URLSearchParams({ ...fields, client_id: clientId, client_secret: clientSecret }).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded", accept: "application/json" };
    const { response, text } = await send(call, settings, operation, { method: "POST", headers, body });
    const problems = response.ok ? [] : problemsIn(text);
    const { status, headers: answered } = response;
    if (problems.some(({ code }) => code === "RATELIMITED")) {
      throw fromProblems(operation, problems, { status, headers: answered, nowMs: call.clock.now() });
    }
    // Codes and tokens that are not accepted are told by 400 or 401; only a person can help.
    if ([400, 401, 403].includes(status)) throw signInNeeded(operation, status);
    if (!response.ok) throw fromStatus(operation, status, answered, call.clock.now());
    const tokens = read(operation, text);
    const lifeMs = tokens.expires_in == null ? null : tokens.expires_in * 1_000;
    return {
      accessToken: tokens.access_token,
      refreshToken: tokens.refresh_token ?? null,
      expiresAt: lifeMs === null ? null : call.clock.now() + lifeMs,
    };
  };

  /** A token that has been given is not lost because this did not arrive: it is asked again with the next refresh. */
  const organizationOf = async (call: Call, accessToken: string): Promise<string | null> => {
    const auth: LinearAuth = { type: "token", token: accessToken };
    const reading: Operation = { name: exchanging.name, isWrite: false };
    try {
      return await createClient({ ...call, auth }, settings).ask(
        reading,
        organizationDocument,
        {},
        (data) => parseShape(organizationShape, data, "data").organization.id,
      );
    } catch {
      call.logger.log(
        "warn",
        "Linear did not say which workspace was signed in to; its deliveries come with the next renewal",
      );
      return null;
    }
  };

  return {
    url({ redirectUrl, state, codeChallenge }) {
      const query = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectUrl,
        response_type: "code",
        scope: scopes.join(","),
        state,
        code_challenge: codeChallenge,
        code_challenge_method: "S256",
        actor,
        // Who belongs to several workspaces chooses one of them.
        prompt: "consent",
      });
      return `${authorizeUrl}?${query}`;
    },

    async exchange(call, { query, redirectUrl, codeVerifier }): Promise<LinearOAuthAuth> {
      const { code } = query;
      if (!code) throw signInNeeded(exchanging);
      const tokens = await ask(call, exchanging, {
        ...{ grant_type: "authorization_code", code, redirect_uri: redirectUrl },
        code_verifier: codeVerifier,
      });
      return { type: "oauth", ...tokens, organizationId: await organizationOf(call, tokens.accessToken), actor };
    },

    async refresh(call): Promise<LinearOAuthAuth> {
      const { auth } = call;
      if (auth.type !== "oauth" || auth.refreshToken === null) throw signInNeeded(refreshing);
      const tokens = await ask(call, refreshing, { grant_type: "refresh_token", refresh_token: auth.refreshToken });
      return {
        ...{ type: "oauth", ...tokens, refreshToken: tokens.refreshToken ?? auth.refreshToken },
        organizationId: auth.organizationId ?? (await organizationOf(call, tokens.accessToken)),
        actor: auth.actor,
      };
    },

    canRefresh: (auth) => auth.type === "oauth" && auth.refreshToken !== null,
    expiresAt: (auth) => (auth.type === "oauth" ? auth.expiresAt : null),
  };
}

async function send(call: Call, settings: ClientSettings, operation: Operation, init: RequestInit) {
  try {
    const response = await createTransport(call, settings)(tokenUrlOf(call.baseUrl), init);
    return { response, text: await response.text() };
  } catch (error) {
    throw errors.fromThrown(operation, error, call.clock.now());
  }
}

function read(operation: Operation, text: string): z.infer<typeof tokensShape> {
  try {
    return parseShape(tokensShape, JSON.parse(text), "tokens");
  } catch (error) {
    if (error instanceof UnexpectedShape) throw errors.unexpectedAnswer(operation, error.message, false);
    throw errors.unexpectedAnswer(operation, "it is no JSON", true);
  }
}
