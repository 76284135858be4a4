import { createHash } from "node:crypto";
import { answerTime, createFlights, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { GitHubAppCall } from "./app-call.ts";
import { explainTokenRefusal } from "./app-errors.ts";
import { type Authorization, bearer } from "./authorization.ts";
import type { GitHubClient } from "./client.ts";
import { errors } from "./errors.ts";
import { timeShape } from "./shapes.ts";

/** Tokens live for an hour, and are renewed this long before their end. */
const renewBeforeMs = 300_000;
/** For so long after it was issued, a 401 says that GitHub's own copies lag, and another token would not help. */
const settlingMs = 5_000;

const minting: Operation = { name: "app.token", isWrite: false };
const tokenShape = z.object({ token: z.string(), expires_at: timeShape });

/** A token of an installation. Times are by the clock's `monotonic`. */
interface MintedToken {
  readonly value: string;
  readonly mintedAt: number;
  readonly endsAt: number;
}

/** The tokens of all installations that this process works for. */
export interface AppTokens {
  /** How a call acts in its installation. */
  authorization(call: GitHubAppCall): Authorization;
}

/** @param asApp asks as the app itself */
export function createAppTokens(asApp: (call: GitHubAppCall) => GitHubClient): AppTokens {
  const kept = new Map<string, MintedToken>();
  const flights = createFlights<MintedToken>();

  const mint = async (key: string, call: GitHubAppCall): Promise<MintedToken> => {
    const token = await askForToken(asApp(call), call);
    for (const [other, { endsAt }] of kept) if (endsAt <= call.clock.monotonic()) kept.delete(other);
    kept.set(key, token);
    return token;
  };

  const tokenOf = async (key: string, call: GitHubAppCall): Promise<MintedToken> => {
    const known = kept.get(key);
    if (known !== undefined && call.clock.monotonic() < known.endsAt - renewBeforeMs) return known;
    try {
      return await flights.share(key, call.signal, () => mint(key, call));
    } catch (error) {
      throw errors.fromThrown(minting, error, call.clock.now());
    }
  };

  return {
    authorization(call) {
      const key = keyOf(call);
      return {
        header: async () => bearer((await tokenOf(key, call)).value),
        renew(refusedHeader) {
          const known = kept.get(key);
          if (known === undefined || bearer(known.value) !== refusedHeader) return true;
          if (call.clock.monotonic() - known.mintedAt < settlingMs) return false;
          kept.delete(key);
          return true;
        },
        explain: (answer) => explainTokenRefusal(call.auth, answer),
      };
    },
  };
}

/** Part of the key is the private key, so that nobody gets a token by knowing the ids alone. */
function keyOf({ baseUrl, auth }: GitHubAppCall): string {
  const { appId, installationId, privateKey } = auth;
  return JSON.stringify([baseUrl, appId, installationId, createHash("sha256").update(privateKey).digest("base64")]);
}

async function askForToken(client: GitHubClient, { auth, clock }: GitHubAppCall): Promise<MintedToken> {
  const mintedAt = clock.monotonic();
  const answer = await client.request(minting, "POST /app/installations/{installationId}/access_tokens", {
    installationId: auth.installationId,
  });
  const { token, expires_at: endsAt } = answer.as((data) => parseShape(tokenShape, data, "token"));
  // By GitHub's clock on both ends: ours may be wrong.
  const lifeMs = endsAt - answerTime(answer.headers, clock.now());
  return { value: token, mintedAt, endsAt: mintedAt + lifeMs };
}
