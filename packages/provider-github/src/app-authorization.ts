import { ProviderError } from "@backref/core/provider";
import { lazy } from "@backref/provider-kit";
import type githubAppJwt from "universal-github-app-jwt";
import type { GitHubAppCall } from "./app-call.ts";
import { clockSkewMs, explainAppRefusal, isClockRefusal } from "./app-errors.ts";
import { type Authorization, bearer } from "./authorization.ts";
import { providerId } from "./errors.ts";

export const loadSigner: () => Promise<typeof githubAppJwt> = lazy(
  async () => (await import("universal-github-app-jwt")).default,
);

/** Proves that a request comes from the app itself: with a JSON web token that its private key has just signed. */
export function appAuthorization(call: GitHubAppCall): Authorization {
  const { auth, clock, logger } = call;
  let skewMs = 0;
  return {
    async header() {
      return bearer(await sign(call, clock.now() + skewMs));
    },
    renew(_refusedHeader, answer) {
      const foundMs = isClockRefusal(answer) ? clockSkewMs(answer, clock.now()) : null;
      if (foundMs === null || skewMs !== 0) return false;
      skewMs = foundMs;
      const seconds = Math.round(Math.abs(foundMs) / 1000);
      const direction = foundMs > 0 ? "behind" : "ahead of";
      logger.log("warn", `The clock of this machine is ${seconds} s ${direction} GitHub's. Have it set automatically.`);
      return true;
    },
    explain: (answer) => explainAppRefusal(auth, answer),
  };
}

async function sign({ auth }: GitHubAppCall, nowMs: number): Promise<string> {
  const createToken = await loadSigner();
  const { appId, privateKey } = auth;
  const id = /^\d+$/.test(appId) ? Number(appId) : appId;
  try {
    return (await createToken<number | string>({ id, privateKey, now: Math.floor(nowMs / 1000) })).token;
  } catch {
    // Without the cause: what a signer says about a key may repeat some of it.
    throw new ProviderError({
      failure: "auth",
      providerId,
      operation: "app.sign",
      message: `The private key of app ${appId} cannot be used: generate a new one in the app's settings and enter it.`,
    });
  }
}
