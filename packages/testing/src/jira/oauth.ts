import type { Random } from "@backref/core/provider";
import { asObject, asText, type JsonObject } from "../fake/json.ts";
import { toResponse } from "../fake/response.ts";
import { TokenTable } from "../sign-in/token-table.ts";
import { allPermissions, type TokenRecord } from "./model.ts";
import type { World } from "./world.ts";

export const authorizationOrigin = "https://auth.atlassian.com";
export const gatewayOrigin = "https://api.atlassian.com";

export interface OAuthSettings {
  readonly world: World;
  readonly random: Random;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly cloudId: string;
  readonly siteUrl: string;
  readonly tokenLifeMs: number;
}

/**
 * Atlassian's sign-in (3LO): codes are good once, access tokens end, and every refresh gives a new refresh token. A spent
 * one may be used again for ten minutes: https://developer.atlassian.com/cloud/oauth/getting-started/refresh-tokens/
 */
export class OAuth {
  readonly tokens: TokenTable;
  readonly #settings: OAuthSettings;
  readonly #codes = new Map<string, { readonly redirectUrl: string; readonly scopes: readonly string[] }>();
  readonly #scopes = new Map<string, readonly string[]>();

  constructor(settings: OAuthSettings) {
    this.#settings = settings;
    const { world, random, tokenLifeMs } = settings;
    this.tokens = new TokenTable({ now: world.now, random, tokenLifeMs, reuseGraceMs: 600_000 });
  }

  /** Somebody opens the URL and agrees; answers with where their browser is sent. */
  agree(url: string): string {
    const { origin, pathname, searchParams } = new URL(url);
    const redirectUrl = searchParams.get("redirect_uri") ?? "";
    const isWhole =
      origin === authorizationOrigin &&
      pathname === "/authorize" &&
      searchParams.get("audience") === "api.atlassian.com" &&
      searchParams.get("client_id") === this.#settings.clientId &&
      searchParams.get("response_type") === "code";
    if (!isWhole) throw new RangeError(`nobody can sign in at ${url}`);
    const code = `code_${this.#codes.size + 1}_${[...this.#settings.random.bytes(12)].join("")}`;
    this.#codes.set(code, { redirectUrl, scopes: (searchParams.get("scope") ?? "").split(" ") });
    const target = new URL(redirectUrl);
    target.searchParams.set("code", code);
    target.searchParams.set("state", searchParams.get("state") ?? "");
    return target.href;
  }

  /** The token endpoint: JSON in, JSON out. */
  answer(body: string): Response {
    const fields = parse(body);
    const { clientId, clientSecret } = this.#settings;
    if (fields["client_id"] !== clientId || fields["client_secret"] !== clientSecret)
      return refused(401, "access_denied", "Unauthorized");
    if (fields["grant_type"] === "authorization_code") return this.#exchange(fields);
    if (fields["grant_type"] !== "refresh_token") return refused(400, "invalid_request", "Unknown grant type");
    const refresh = asText(fields["refresh_token"]) ?? "";
    return this.#give(this.tokens.spend(refresh), this.#scopes.get(refresh) ?? []);
  }

  /** The sites that a token reaches. */
  resources(accessToken: string): Response {
    if (!this.tokens.accepts(accessToken)) return refused(401, "Unauthorized", "Unauthorized");
    const { cloudId, siteUrl } = this.#settings;
    const scopes = this.#scopes.get(accessToken) ?? [];
    return toResponse(200, {}, [{ id: cloudId, url: siteUrl, name: "acme", scopes, avatarUrl: "" }]);
  }

  /** Who a token acts for; undefined for one that is not good. */
  find(accessToken: string): TokenRecord | undefined {
    if (!this.tokens.accepts(accessToken)) return undefined;
    const { world } = this.#settings;
    const scopes = this.#scopes.get(accessToken) ?? [];
    const user = world.ensureUser("backref-bot", "Backref");
    return { value: accessToken, kind: "oauth", user, permissions: new Set(allPermissions), scopes, isRevoked: false };
  }

  #exchange(fields: JsonObject): Response {
    const given = asText(fields["code"]) ?? "";
    const code = this.#codes.get(given);
    this.#codes.delete(given);
    const isGood = code !== undefined && code.redirectUrl === fields["redirect_uri"];
    return this.#give(isGood ? this.tokens.grant() : null, code?.scopes ?? []);
  }

  #give(given: ReturnType<TokenTable["spend"]>, scopes: readonly string[]): Response {
    if (given === null) return refused(403, "invalid_grant", "Unknown or invalid refresh token.");
    this.#scopes.set(given.access, scopes);
    this.#scopes.set(given.refresh, scopes);
    return toResponse(
      200,
      {},
      {
        access_token: given.access,
        refresh_token: given.refresh,
        token_type: "Bearer",
        expires_in: this.#settings.tokenLifeMs / 1000,
        scope: scopes.join(" "),
      },
    );
  }
}

function parse(body: string): JsonObject {
  try {
    return asObject(JSON.parse(body));
  } catch {
    return {};
  }
}

function refused(status: number, error: string, description: string): Response {
  return toResponse(status, {}, { error, error_description: description });
}
