import { createHash } from "node:crypto";
import { InputError } from "../input-error.ts";
import type { Environment, Tracker, TrackerChoice } from "../tracker.ts";
import { gitHub } from "./every-github.ts";
import { openFakeGitHub } from "./fake-github.ts";
import { createGitHubPerson } from "./github-person.ts";

/** The real GitHub where token and repository are given, else a fake one on a port of this machine. */
export function chooseGitHub(environment: Environment): TrackerChoice {
  const { GITHUB_TOKEN: token = "", GITHUB_REPOSITORY: repository = "" } = environment;
  if (token === "") return { name: "fake", isKept: true, open: openFakeGitHub };
  if (repository === "") {
    throw new InputError(
      "GITHUB_TOKEN is set, but not GITHUB_REPOSITORY. Set it to owner/name to use the real GitHub, or unset both to use the fake one.",
    );
  }
  const github = connectGitHub(environment, token, repository);
  return { name: folderNameOf(baseUrlOf(environment), repository), isKept: true, open: async () => github };
}

/** What may be shown: an address that cannot be used is refused later, in words, but its password is printed nowhere. */
function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//");
}

/** Such as `api.github.com~acme~web`; GitHub ignores case. */
function folderNameOf(baseUrl: string, repository: string): string {
  const address = withoutCredentials(baseUrl).replace(/^\w+:\/\/|\/+$/g, "");
  const name = `${address}/${repository}`.toLowerCase();
  const readable = name.replaceAll("/", "~").replace(/[^\w.~-]/g, "_");
  // What had to be replaced, or is too long for a folder, is told apart by its hash.
  const isExact = readable.replaceAll("~", "/") === name && readable.length < 200;
  return isExact
    ? readable
    : `${readable.slice(0, 150)}~${createHash("sha256").update(name).digest("hex").slice(0, 8)}`;
}

const baseUrlOf = (environment: Environment) => environment["GITHUB_API_URL"] || "https://api.github.com";

/** The variables are those of GitHub Actions, where GITHUB_API_URL and GITHUB_SERVER_URL are set as well. */
function connectGitHub(environment: Environment, token: string, repository: string): Tracker {
  const { GITHUB_API_URL: apiUrl, GITHUB_SERVER_URL: serverUrl } = environment;
  const baseUrl = baseUrlOf(environment);
  return {
    ...gitHub,
    description: `GitHub at ${withoutCredentials(baseUrl)}`,
    connection: { baseUrl, options: { webUrl: serverUrl || null }, auth: { type: "token", token } },
    container: repository,
    person: createGitHubPerson({ baseUrl, repository, token }),
    isPrivateAddress: Boolean(apiUrl),
    sendsWebhooks: false,
    limits: { pollIntervalMs: 2_000 },
    patienceMs: 120_000,
    close: async () => {},
  };
}
