import type { AuthorizationGroup, ProviderCall } from "@backref/core/provider";
import { createTransport, mapAnswer, type Operation, parseShape, readAnswer } from "@backref/provider-kit";
import { z } from "zod";
import type { ClientSettings } from "./client.ts";
import { errors, fromAnswer } from "./errors.ts";
import { authorizationUrl } from "./site.ts";
import type { JiraAuth, JiraOAuthAuth, JiraOptions } from "./types.ts";

/** How the host's application is known to Atlassian: https://developer.atlassian.com/console/myapps/ */
export interface JiraApplication {
  readonly clientId: string;
  readonly clientSecret: string;
}

const scopes = ["read:jira-work", "write:jira-work", "read:jira-user", "manage:jira-webhook", "offline_access"];

const tokensShape = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().nullish(),
  expires_in: z.number(),
});

type Call = Omit<ProviderCall<unknown, JiraOptions>, "auth">;

/** Sign-in to Cloud (OAuth 2.0, 3LO): https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/ */
export function createAuthorizationGroup(
  { clientId, clientSecret }: JiraApplication,
  settings: ClientSettings,
): AuthorizationGroup<JiraAuth, JiraOptions> {
  const ask = async (call: Call, operation: Operation, fields: Readonly<Record<string, string>>) => {
    const headers = {
      "content-type": "application/json",
      accept: "application/json",
      "user-agent": settings.userAgent,
    };
    const body = JSON.stringify({ ...fields, client_id: clientId, client_secret: clientSecret });
    const init = { method: "POST", headers, body };
    const answer = await readAnswer({ errors, clock: call.clock }, operation, () =>
      createTransport(call, settings)(`${authorizationUrl}/oauth/token`, init),
    );
    // Codes and tokens that are not accepted are told by 400, 401 or 403; only a person can help.
    const isRefused = [400, 401, 403].includes(answer.status);
    if (isRefused) {
      throw errors.build(operation, {
        failure: "auth",
        status: answer.status,
        message: "Atlassian does not accept the sign-in: sign in again.",
      });
    }
    if (answer.status !== 200) throw fromAnswer(operation, answer, call.clock.now());
    const tokens = mapAnswer(errors, operation, answer.data, (data) => parseShape(tokensShape, data, "tokens"));
    return {
      accessToken: tokens.access_token,
      refreshToken: tokens.refresh_token ?? null,
      expiresAt: call.clock.now() + tokens.expires_in * 1000,
    };
  };

  return {
    url({ redirectUrl, state }) {
      const query = new URLSearchParams({
        audience: "api.atlassian.com",
        client_id: clientId,
        scope: scopes.join(" "),
        redirect_uri: redirectUrl,
        state,
        response_type: "code",
        prompt: "consent",
      });
      return `${authorizationUrl}/authorize?${query}`;
    },

    async exchange(call, { query, redirectUrl }): Promise<JiraOAuthAuth> {
      const operation: Operation = { name: "authorization.exchange", isWrite: true };
      const { code } = query;
      if (!code)
        throw errors.build(operation, {
          failure: "auth",
          message: "Atlassian sent no code: the sign-in was not agreed to.",
        });
      const fields = { grant_type: "authorization_code", code, redirect_uri: redirectUrl };
      return { type: "oauth", ...(await ask(call, operation, fields)) };
    },

    async refresh(call): Promise<JiraOAuthAuth> {
      const operation: Operation = { name: "authorization.refresh", isWrite: true };
      const { auth } = call;
      if (auth.type !== "oauth" || auth.refreshToken === null) {
        throw errors.build(operation, {
          failure: "auth",
          message: "This credential cannot be renewed: sign in again.",
        });
      }
      const tokens = await ask(call, operation, { grant_type: "refresh_token", refresh_token: auth.refreshToken });
      return {
        type: "oauth",
        ...tokens,
        refreshToken: tokens.refreshToken ?? auth.refreshToken,
      };
    },

    canRefresh: (auth) => auth.type === "oauth" && auth.refreshToken !== null,
    expiresAt: (auth) => (auth.type === "oauth" ? auth.expiresAt : null),
  };
}
