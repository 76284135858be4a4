import { answerTime, type Explanation } from "@backref/provider-kit";
import { type FailedAnswer, messageOf } from "./errors.ts";
import type { GitHubAppAuth } from "./types.ts";

/** GitHub refuses a JSON web token whose times it does not believe. */
export function isClockRefusal(answer: FailedAnswer): boolean {
  return answer.status === 401 && /claim \('(?:exp|iat)'\)/.test(messageOf(answer.data));
}

/** How far GitHub's clock is ahead of ours; null where it did not tell the time. */
export function clockSkewMs(answer: FailedAnswer, nowMs: number): number | null {
  const at = answerTime(answer.headers, Number.NaN);
  return Number.isNaN(at) ? null : at - nowMs;
}

/** What is wrong where the app itself is refused, by its id, key or installation. Words as GitHub uses them in 2026. */
export function explainAppRefusal(auth: GitHubAppAuth, answer: FailedAnswer): Explanation | null {
  const told = messageOf(answer.data);
  const { appId, installationId } = auth;
  switch (answer.status) {
    case 401:
      if (isClockRefusal(answer)) {
        return {
          failure: "retry",
          message: "The clock of this machine differs from GitHub's by minutes: have it set automatically.",
        };
      }
      return {
        message: `The private key does not belong to app ${appId}, or was deleted there: check the app's id, or generate a new private key in the app's settings, and enter both.`,
      };
    case 403:
      return explainSuspension(auth, answer);
    case 404:
      return {
        failure: "auth",
        message: /^Integration not found/i.test(told)
          ? `There is no app ${appId} on this server: check the app's id and the base URL.`
          : `App ${appId} has no installation ${installationId} on this server: it was uninstalled, the id is another app's, or the base URL is another server's. Install the app in the account that owns the repositories, and enter the new installation's id.`,
      };
    default:
      return null;
  }
}

/** What is wrong where a token of the installation is refused. */
export function explainTokenRefusal(auth: GitHubAppAuth, answer: FailedAnswer): Explanation | null {
  if (answer.status !== 401) return answer.status === 403 ? explainSuspension(auth, answer) : null;
  return {
    // The key has just been accepted, so nobody has to enter anything: GitHub's own copies lag by some seconds.
    failure: "retry",
    message: `GitHub does not know the token yet that it has just issued for installation ${auth.installationId}. It is tried again.`,
  };
}

function explainSuspension({ appId, installationId }: GitHubAppAuth, answer: FailedAnswer): Explanation | null {
  if (!/suspended/i.test(messageOf(answer.data))) return null;
  return {
    failure: "auth",
    message: `Installation ${installationId} of app ${appId} is suspended: whoever suspended it has to lift that in GitHub's settings, under the installed apps. Then test the connection.`,
  };
}
