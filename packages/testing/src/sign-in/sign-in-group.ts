import {
  type AuthorizationGroup,
  type FailureClass,
  type Form,
  type ProviderCall,
  ProviderError,
} from "@backref/core/provider";

/** A credential that a sign-in gave. */
export interface SignInAuth {
  readonly type: "sign-in";
  readonly access: string;
  readonly refresh: string;
  /** Milliseconds since 1970 UTC. */
  readonly endsAt: number;
}

/** How a provider's application is known at the fake. */
export interface SignInApplication {
  readonly origin: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Form of the credential that a `FakeSignIn` gives. */
export const signInForm: Form<SignInAuth> = {
  schema: {
    type: "object",
    properties: {
      type: { const: "sign-in" },
      access: { type: "string", writeOnly: true },
      refresh: { type: "string", writeOnly: true },
      endsAt: { type: "integer" },
    },
    required: ["type", "access", "refresh", "endsAt"],
    additionalProperties: false,
  },
  parse(input) {
    const { type, access, refresh, endsAt } = (input ?? {}) as Partial<SignInAuth>;
    const isWhole = typeof access === "string" && typeof refresh === "string" && Number.isInteger(endsAt);
    return type === "sign-in" && isWhole
      ? { ok: true, value: { type, access, refresh, endsAt: Number(endsAt) } }
      : { ok: false, issues: [{ path: [], message: "Sign in by redirect." }] };
  },
};

type Call = Omit<ProviderCall, "auth">;

/** What a provider for the fake has as its group `authorization`. */
export function createSignInGroup(
  providerId: string,
  application: SignInApplication,
): AuthorizationGroup<SignInAuth, unknown> {
  const { origin, clientId, clientSecret } = application;
  const fail = (operation: string, failure: FailureClass, message: string, retryAfterMs?: number) =>
    new ProviderError({ providerId, operation, failure, message, retryAfterMs });
  const ask = async (call: Call, operation: string, fields: Readonly<Record<string, string>>): Promise<SignInAuth> => {
    if (call.signal.aborted) throw fail(operation, "retry", "Nobody waits for the answer; nothing was sent.");
    const body = new URLSearchParams({ ...fields, client_id: clientId, client_secret: clientSecret });
    let response: Response;
    try {
      response = await call.fetch(`${origin}/token`, { method: "POST", body, redirect: "manual", signal: call.signal });
    } catch (error) {
      if (ProviderError.isInstance(error)) throw error;
      throw fail(operation, "ambiguous", "The sign-in server gave no answer.");
    }
    const { status } = response;
    if (status === 429) throw fail(operation, "wait", "The sign-in server asks to wait.", 30_000);
    if (status >= 500 || (status >= 300 && status < 400)) {
      throw fail(operation, status < 400 ? "permanent" : "ambiguous", `The sign-in server answered ${status}.`);
    }
    const answer = (await response.json().catch(() => ({}))) as Readonly<Record<string, unknown>>;
    if (status !== 200) throw fail(operation, "auth", `The sign-in is not accepted (${String(answer["error"])}).`);
    const { access_token: access, refresh_token: refresh, expires_in: seconds } = answer;
    if (typeof access !== "string" || typeof refresh !== "string" || typeof seconds !== "number") {
      throw fail(operation, "ambiguous", "The sign-in server's answer is not what it promises.");
    }
    return { type: "sign-in", access, refresh, endsAt: call.clock.now() + seconds * 1_000 };
  };
  return {
    url({ redirectUrl, state, codeChallenge }) {
      const query = new URLSearchParams({
        response_type: "code",
        client_id: clientId,
        redirect_uri: redirectUrl,
        state,
        code_challenge: codeChallenge,
        code_challenge_method: "S256",
      });
      return `${origin}/authorize?${query}`;
    },
    exchange: (call, { query, redirectUrl, codeVerifier }) =>
      ask(call, "authorization.exchange", {
        grant_type: "authorization_code",
        code: query["code"] ?? "",
        redirect_uri: redirectUrl,
        code_verifier: codeVerifier,
      }),
    refresh: (call) =>
      ask(call, "authorization.refresh", { grant_type: "refresh_token", refresh_token: call.auth.refresh }),
    canRefresh: (auth) => auth.type === "sign-in",
    expiresAt: (auth) => (auth.type === "sign-in" ? auth.endsAt : null),
  };
}
