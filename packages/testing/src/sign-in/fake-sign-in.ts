import { createHash } from "node:crypto";
import type { AuthorizationGroup, FetchFunction } from "@backref/core/provider";
import type { TrackerFault } from "../conformance/provider/provider-tracker.ts";
import { createSeededRandom } from "../time/seeded-random.ts";
import { createSignInGroup, type SignInAuth } from "./sign-in-group.ts";
import { TokenTable } from "./token-table.ts";

/** How the sign-in behaves. */
export interface FakeSignInOptions {
  /** Milliseconds since 1970 UTC. @default the system's clock */
  readonly now?: () => number;
  /** How long an access token is good. @default 3_600_000 */
  readonly tokenLifeMs?: number;
  /** How long a spent refresh token may be used again. @default 0: it is dead at once, and its use ends the sign-in */
  readonly reuseGraceMs?: number;
  /** Waited before every answer, after it took effect. @default not at all */
  readonly delay?: () => Promise<void>;
}

/**
 * A tracker's sign-in by redirect: code with proof key, access tokens that end, refresh tokens that are good once. It behaves
 * as GitLab (the old tokens die with the refresh), or with a grace as Jira and Linear.
 */
export interface FakeSignIn {
  readonly origin: string;
  /** Known to the application alone. */
  readonly clientSecret: string;
  readonly fetch: FetchFunction;
  /** Somebody opens the URL at the tracker and agrees. Answers with where their browser is sent. */
  agree(url: string): string;
  /** The same, and they refuse. */
  deny(url: string): string;
  /** True for an access token that is good now. */
  accepts(accessToken: string): boolean;
  /** Access tokens die before their time; refresh tokens stay good. */
  endAccess(): void;
  /** The consent is taken back: nothing that came of it is good. */
  revoke(): void;
  /** How often codes and refresh tokens were spent, in vain included. */
  readonly exchanges: number;
  readonly refreshes: number;
  /** All tokens and codes so far, to look for them where they must not be. */
  readonly secrets: readonly string[];
  /** Arms a fault for the next request. */
  failNext(fault: TrackerFault): void;
  /** What a provider has as its group `authorization`. */
  group(providerId: string): AuthorizationGroup<SignInAuth, unknown>;
}

interface Code {
  readonly redirectUrl: string;
  readonly challenge: string;
}

const json = (status: number, body: object) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

/** A sign-in by redirect (OAuth 2.0, authorization code with PKCE) that needs no browser. */
export function createFakeSignIn(options: FakeSignInOptions = {}): FakeSignIn {
  const { now = Date.now, tokenLifeMs = 3_600_000, reuseGraceMs = 0, delay } = options;
  const origin = "https://sign-in.example";
  const clientId = "backref-tests";
  const clientSecret = "client-secret-of-the-application";
  const random = createSeededRandom(11);
  const tokens = new TokenTable({ now, random, tokenLifeMs, reuseGraceMs });
  const codes = new Map<string, Code>();
  const made: string[] = [];
  const armed: TrackerFault[] = [];
  const counts = { exchanges: 0, refreshes: 0 };

  const given = (found: ReturnType<TokenTable["spend"]>): Response =>
    found === null
      ? json(400, { error: "invalid_grant", error_description: "The grant is invalid, expired or used." })
      : json(200, {
          access_token: found.access,
          refresh_token: found.refresh,
          token_type: "bearer",
          expires_in: tokenLifeMs / 1_000,
        });

  const exchange = (fields: URLSearchParams): Response => {
    counts.exchanges += 1;
    const code = codes.get(fields.get("code") ?? "");
    codes.delete(fields.get("code") ?? "");
    const challenge = createHash("sha256")
      .update(fields.get("code_verifier") ?? "")
      .digest("base64url");
    const isGood =
      code !== undefined && code.redirectUrl === fields.get("redirect_uri") && code.challenge === challenge;
    return given(isGood ? tokens.grant() : null);
  };

  const answer = (fields: URLSearchParams): Response => {
    if (fields.get("client_id") !== clientId || fields.get("client_secret") !== clientSecret) {
      return json(401, { error: "invalid_client" });
    }
    if (fields.get("grant_type") === "authorization_code") return exchange(fields);
    counts.refreshes += 1;
    return given(tokens.spend(fields.get("refresh_token") ?? ""));
  };

  const begun = (url: string): { readonly redirectUrl: string; readonly state: string; readonly challenge: string } => {
    const { origin: asked, searchParams } = new URL(url);
    const value = (name: string) => searchParams.get(name) ?? "";
    const isWhole = asked === origin && value("client_id") === clientId && value("response_type") === "code";
    if (!isWhole || value("code_challenge_method") !== "S256") throw new RangeError(`nobody can sign in at ${url}`);
    return { redirectUrl: value("redirect_uri"), state: value("state"), challenge: value("code_challenge") };
  };
  const back = (redirectUrl: string, query: Readonly<Record<string, string>>): string => {
    const url = new URL(redirectUrl);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url.href;
  };

  return {
    origin,
    clientSecret,
    async fetch(input, init) {
      const request = new Request(input, init);
      request.signal.throwIfAborted();
      const fault = armed.shift();
      if (fault === "lost-before") throw new TypeError("fetch failed");
      if (fault !== undefined && fault !== "lost-after") {
        return json({ "status-500": 500, "rate-limit": 429, unauthorized: 401, forbidden: 403 }[fault], {});
      }
      const { pathname } = new URL(request.url);
      const response = pathname === "/token" ? answer(new URLSearchParams(await request.text())) : json(404, {});
      await delay?.();
      if (fault === "lost-after") throw new TypeError("fetch failed");
      return response;
    },
    agree(url) {
      const { redirectUrl, state, challenge } = begun(url);
      const code = `code_${Buffer.from(random.bytes(12)).toString("hex")}`;
      codes.set(code, { redirectUrl, challenge });
      made.push(code);
      return back(redirectUrl, { code, state });
    },
    deny(url) {
      const { redirectUrl, state } = begun(url);
      return back(redirectUrl, { error: "access_denied", error_description: "The person said no.", state });
    },
    accepts: (accessToken) => tokens.accepts(accessToken),
    endAccess: () => tokens.endAccess(),
    revoke: () => tokens.revoke(),
    get exchanges() {
      return counts.exchanges;
    },
    get refreshes() {
      return counts.refreshes;
    },
    get secrets() {
      return [...made, ...tokens.given, clientSecret];
    },
    failNext: (fault) => armed.push(fault),
    group: (providerId) => createSignInGroup(providerId, { origin, clientId, clientSecret }),
  };
}
