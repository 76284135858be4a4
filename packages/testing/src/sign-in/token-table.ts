import type { Random } from "@backref/core/provider";

/** What one consent gave: its tokens come from each other, and end together. */
interface Consent {
  isOver: boolean;
}

interface RefreshToken {
  readonly consent: Consent;
  /** Milliseconds since 1970 UTC; null while it was never used. */
  spentAt: number | null;
}

interface AccessToken {
  readonly consent: Consent;
  readonly endsAt: number;
  isDead: boolean;
}

export interface TokenRules {
  readonly now: () => number;
  readonly random: Random;
  readonly tokenLifeMs: number;
  readonly reuseGraceMs: number;
}

export interface GivenTokens {
  readonly access: string;
  readonly refresh: string;
}

/** Tokens of a tracker that gives a new refresh token with every use of the old one. */
export class TokenTable {
  readonly #rules: TokenRules;
  readonly #refresh = new Map<string, RefreshToken>();
  readonly #access = new Map<string, AccessToken>();
  /** Every token there ever was. */
  readonly given: string[] = [];

  constructor(rules: TokenRules) {
    this.#rules = rules;
  }

  grant(consent: Consent = { isOver: false }): GivenTokens {
    // One access token at a time.
    for (const token of this.#access.values()) if (token.consent === consent) token.isDead = true;
    const access = this.#make("at");
    const refresh = this.#make("rt");
    this.#access.set(access, { consent, endsAt: this.#rules.now() + this.#rules.tokenLifeMs, isDead: false });
    this.#refresh.set(refresh, { consent, spentAt: null });
    return { access, refresh };
  }

  /** Null for a token that is not good. One that was spent before the grace ends everything that came of its consent. */
  spend(refresh: string): GivenTokens | null {
    const token = this.#refresh.get(refresh);
    if (token === undefined || token.consent.isOver) return null;
    const isReused = token.spentAt !== null && token.spentAt + this.#rules.reuseGraceMs <= this.#rules.now();
    if (isReused) {
      token.consent.isOver = true;
      return null;
    }
    token.spentAt ??= this.#rules.now();
    return this.grant(token.consent);
  }

  accepts(access: string): boolean {
    const token = this.#access.get(access);
    return token !== undefined && !token.isDead && !token.consent.isOver && token.endsAt > this.#rules.now();
  }

  endAccess(): void {
    for (const token of this.#access.values()) token.isDead = true;
  }

  revoke(): void {
    for (const token of this.#refresh.values()) token.consent.isOver = true;
  }

  #make(kind: "at" | "rt"): string {
    const token = `${kind}_${Buffer.from(this.#rules.random.bytes(12)).toString("hex")}`;
    this.given.push(token);
    return token;
  }
}
