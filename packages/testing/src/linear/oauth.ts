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
  readonly tokenLifeMs: number;
}

interface Code {
  readonly redirectUrl: string;
  readonly challenge: string | null;
  readonly isApp: boolean;
}

/**
 * Linear's sign-in: codes are good once, with a proof key where one was given, access tokens end after a day, and every refresh
 * gives a new refresh token. A spent one may be used again for half an hour: https://linear.app/developers/oauth-2-0-authentication
 */
export class OAuth {
  readonly tokens: TokenTable;
  readonly #settings: OAuthSettings;
  readonly #codes = new Map<string, Code>();
  /** Access and refresh tokens that act as the app. */
  readonly #apps = new Set<string>();

  constructor(settings: OAuthSettings) {
    this.#settings = settings;
    const { world, random, tokenLifeMs } = settings;
    this.tokens = new TokenTable({ now: world.now, random, tokenLifeMs, reuseGraceMs: 1_800_000 });
  }

  /** Somebody opens the URL and agrees; answers with where their browser is sent. */
  agree(url: string): string {
    const { origin, pathname, searchParams } = new URL(url);
    const value = (name: string) => searchParams.get(name) ?? "";
    const scopes = value("scope").split(",");
    const isWhole =
      `${origin}${pathname}` === "https://linear.app/oauth/authorize" &&
      value("client_id") === this.#settings.clientId &&
      value("response_type") === "code" &&
      scopes.every((scope) => /^(?:read|write|admin|issues:create|comments:create)$/.test(scope));
    if (!isWhole) throw new RangeError(`nobody can sign in at ${url}`);
    const code = `code_${this.#codes.size + 1}_${[...this.#settings.random.bytes(12)].join("")}`;
    const challenge = searchParams.get("code_challenge");
    if (challenge !== null && value("code_challenge_method") !== "S256") throw new RangeError("Only S256 is known");
    this.#codes.set(code, {
      ...{ redirectUrl: value("redirect_uri"), challenge },
      isApp: value("actor") === "app",
    });
    const target = new URL(value("redirect_uri"));
    target.searchParams.set("code", code);
    target.searchParams.set("state", value("state"));
    return target.href;
  }

  /** The token endpoint: a form in, JSON out. */
  answer(contentType: string, body: string): Response {
    if (!contentType.startsWith("application/x-www-form-urlencoded")) return refused(400, "invalid_request");
    const fields = new URLSearchParams(body);
    const { clientId, clientSecret } = this.#settings;
    const isKnown = fields.get("client_id") === clientId && fields.get("client_secret") === clientSecret;
    if (!isKnown) return refused(401, "invalid_client");
    if (fields.get("grant_type") === "authorization_code") return this.#exchange(fields);
    if (fields.get("grant_type") !== "refresh_token") return refused(400, "unsupported_grant_type");
    const refresh = fields.get("refresh_token") ?? "";
    return this.#give(this.tokens.spend(refresh), this.#apps.has(refresh));
  }

  /** Who a token acts for; null for one that is not good. */
  find(accessToken: string): TokenRecord | null {
    if (!this.tokens.accepts(accessToken)) return null;
    const isApp = this.#apps.has(accessToken);
    const { id: userId } = this.#settings.world.ensureUser(isApp ? "Backref" : "Olga");
    return { value: accessToken, kind: "token", userId, teams: null, canLabel: true, isApp };
  }

  #exchange(fields: URLSearchParams): Response {
    const given = fields.get("code") ?? "";
    const code = this.#codes.get(given);
    this.#codes.delete(given);
    const proof = createHash("sha256")
      .update(fields.get("code_verifier") ?? "")
      .digest("base64url");
    const isProven = code?.challenge === null || code?.challenge === proof;
    const isGood = code !== undefined && isProven && code.redirectUrl === fields.get("redirect_uri");
    return this.#give(isGood ? this.tokens.grant() : null, code?.isApp === true);
  }

  #give(given: ReturnType<TokenTable["spend"]>, isApp: boolean): Response {
    if (given === null) return refused(400, "invalid_grant");
    if (isApp) for (const token of [given.access, given.refresh]) this.#apps.add(token);
    return toResponse(
      200,
      {},
      {
        access_token: given.access,
        refresh_token: given.refresh,
        token_type: "Bearer",
        expires_in: this.#settings.tokenLifeMs / 1000,
        scope: "read write",
      },
    );
  }
}

function refused(status: number, error: string): Response {
  return toResponse(status, {}, { error, error_description: "The request is not accepted." });
}
