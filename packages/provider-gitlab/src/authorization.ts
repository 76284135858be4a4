import type { AuthorizationGroup, ProviderCall } from "@backref/core/provider";
import { createTransport, mapAnswer, type Operation, parseShape, readAnswer } from "@backref/provider-kit";
import { z } from "zod";
import type { ClientSettings } from "./client.ts";
import { errors, fromAnswer } from "./errors.ts";
import type { GitLabAuth, GitLabOAuthAuth, GitLabOptions } from "./types.ts";

/** How the host's application is known to the site: https://docs.gitlab.com/integration/oauth_provider/ */
export interface GitLabApplication {
  readonly clientId: string;
  readonly clientSecret: string;
}

const tokensShape = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().nullish(),
  expires_in: z.number().nullish(),
});

type Call = Omit<ProviderCall<unknown, GitLabOptions>, "auth">;

/** Sign-in with a proof key: https://docs.gitlab.com/api/oauth2/ */
export function createAuthorizationGroup(
  { clientId, clientSecret }: GitLabApplication,
  settings: ClientSettings,
): AuthorizationGroup<GitLabAuth, GitLabOptions> {
  const ask = async (
    call: Call,
    operation: Operation,
    fields: Readonly<Record<string, string>>,
  ): Promise<GitLabOAuthAuth> => {
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      accept: "application/json",
      "user-agent": settings.userAgent,
    };
    const body = new URLSearchParams({ ...fields, client_id: clientId, client_secret: clientSecret }).toString();
    const send = createTransport(call, settings);
    const init = { method: "POST", headers, body };
    const answer = await readAnswer({ errors, clock: call.clock }, operation, () =>
      send(`${call.baseUrl}/oauth/token`, init),
    );
    // Codes and tokens that are not accepted are told by 400 or 401; only a person can help.
    if ([400, 401, 403].includes(answer.status)) {
      const message = "GitLab does not accept the sign-in: sign in again.";
      throw errors.build(operation, { failure: "auth", status: answer.status, message });
    }
    if (answer.status !== 200) throw fromAnswer(operation, answer, call.clock.now());
    const tokens = mapAnswer(errors, operation, answer.data, (data) => parseShape(tokensShape, data, "tokens"));
    return {
      type: "oauth",
      accessToken: tokens.access_token,
      refreshToken: tokens.refresh_token ?? null,
      expiresAt: tokens.expires_in == null ? null : call.clock.now() + tokens.expires_in * 1000,
    };
  };

  return {
    url({ baseUrl, redirectUrl, state, codeChallenge }) {
      const query = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectUrl,
        response_type: "code",
        state,
        scope: "api",
        code_challenge: codeChallenge,
        code_challenge_method: "S256",
      });
      return `${baseUrl}/oauth/authorize?${query}`;
    },

    async exchange(call, { query, redirectUrl, codeVerifier }) {
      const operation: Operation = { name: "authorization.exchange", isWrite: true };
      const { code } = query;
      if (!code) {
        throw errors.build(operation, {
          failure: "auth",
          message: "GitLab sent no code: the sign-in was not agreed to.",
        });
      }
      const fields = { grant_type: "authorization_code", code, redirect_uri: redirectUrl, code_verifier: codeVerifier };
      return ask(call, operation, fields);
    },

    async refresh(call) {
      const operation: Operation = { name: "authorization.refresh", isWrite: true };
      const { auth } = call;
      if (auth.type !== "oauth" || auth.refreshToken === null) {
        throw errors.build(operation, {
          failure: "auth",
          message: "This credential cannot be renewed: sign in again.",
        });
      }
      const renewed = await ask(call, operation, { grant_type: "refresh_token", refresh_token: auth.refreshToken });
      return { ...renewed, refreshToken: renewed.refreshToken ?? auth.refreshToken };
    },

    canRefresh: (auth) => auth.type === "oauth" && auth.refreshToken !== null,
    expiresAt: (auth) => (auth.type === "oauth" ? auth.expiresAt : null),
  };
}
