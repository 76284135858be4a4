import { createHash } from "node:crypto";
import type { Random } from "@backref/core/provider";
import { toResponse } from "../fake/response.ts";
import { TokenTable } from "../sign-in/token-table.ts";
import type { TokenRecord } from "./model.ts";
import type { World } from "./world.ts";

export interface OAuthSettings {
  readonly world: World;
  readonly random: Random;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly siteUrl: () => string;
  readonly tokenLifeMs: number;
}

interface Code {
  readonly redirectUrl: string;
  readonly challenge: string | null;
  readonly scopes: readonly string[];
}

/**
 * GitLab's sign-in: codes are good once, with a proof key where one was sent; access tokens end after two hours, and a refresh
 * ends the tokens before it at once: https://docs.gitlab.com/api/oauth2/
 */
export class OAuth {
  readonly tokens: TokenTable;
  readonly #settings: OAuthSettings;
  readonly #codes = new Map<string, Code>();
  readonly #scopes = new Map<string, readonly string[]>();

  constructor(settings: OAuthSettings) {
    this.#settings = settings;
    const { world, random, tokenLifeMs } = settings;
    this.tokens = new TokenTable({ now: world.now, random, tokenLifeMs, reuseGraceMs: 0 });
  }

  /** Somebody opens the URL and agrees; answers with where their browser is sent. */
  agree(url: string): string {
    const { origin, pathname, searchParams } = new URL(url);
    const redirectUrl = searchParams.get("redirect_uri") ?? "";
    const isWhole =
      `${origin}${pathname}` === `${this.#settings.siteUrl()}/oauth/authorize` &&
      searchParams.get("client_id") === this.#settings.clientId &&
      searchParams.get("response_type") === "code";
    if (!isWhole) throw new RangeError(`nobody can sign in at ${url}`);
    const code = `code_${this.#codes.size + 1}_${[...this.#settings.random.bytes(12)].join("")}`;
    const scopes = (searchParams.get("scope") ?? "").split(" ");
    this.#codes.set(code, { redirectUrl, challenge: searchParams.get("code_challenge"), scopes });
    const target = new URL(redirectUrl);
    target.searchParams.set("code", code);
    target.searchParams.set("state", searchParams.get("state") ?? "");
    return target.href;
  }

  /** The token endpoint: a form in, JSON out. */
  answer(body: string): Response {
    const fields = new URLSearchParams(body);
    const { clientId, clientSecret } = this.#settings;
    if (fields.get("client_id") !== clientId || fields.get("client_secret") !== clientSecret) {
      return refused(401, "invalid_client", "Client authentication failed.");
    }
    if (fields.get("grant_type") === "authorization_code") return this.#exchange(fields);
    if (fields.get("grant_type") !== "refresh_token")
      return refused(400, "unsupported_grant_type", "Unknown grant type");
    const refresh = fields.get("refresh_token") ?? "";
    return this.#give(this.tokens.spend(refresh), this.#scopes.get(refresh) ?? []);
  }

  /** Who a token acts for; undefined for one that is not good. */
  find(accessToken: string): TokenRecord | undefined {
    if (!this.tokens.accepts(accessToken)) return undefined;
    const scopes = this.#scopes.get(accessToken) ?? [];
    const user = this.#settings.world.ensureUser("backref-bot", "Backref");
    const rights = { accessLevel: 40, projects: null, expiresAt: null, isRevoked: false } as const;
    return { id: 0, value: accessToken, kind: "oauth", user, scopes, ...rights };
  }

  #exchange(fields: URLSearchParams): Response {
    const given = fields.get("code") ?? "";
    const code = this.#codes.get(given);
    this.#codes.delete(given);
    const proof = createHash("sha256")
      .update(fields.get("code_verifier") ?? "")
      .digest("base64url");
    const isGood =
      code !== undefined &&
      code.redirectUrl === fields.get("redirect_uri") &&
      (code.challenge === null || code.challenge === proof);
    return this.#give(isGood ? this.tokens.grant() : null, code?.scopes ?? []);
  }

  #give(given: ReturnType<TokenTable["spend"]>, scopes: readonly string[]): Response {
    if (given === null)
      return refused(400, "invalid_grant", "The provided authorization grant is invalid, expired or revoked.");
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
        created_at: Math.floor(this.#settings.world.now() / 1000),
      },
    );
  }
}

function refused(status: number, error: string, description: string): Response {
  return toResponse(status, {}, { error, error_description: description });
}
