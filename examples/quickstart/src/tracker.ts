import { createHash } from "node:crypto";
import type { Limits } from "@backref/core";
import { openFakeGitHub } from "./fake-github.ts";
import { openFakeJira } from "./fake-jira.ts";
import { InputError } from "./input-error.ts";

/** The tracker that the story plays on. */
export interface Tracker {
  readonly kind: "github" | "jira";
  readonly name: string;
  /** For the first lines of the output. */
  readonly description: string;
  readonly baseUrl: string;
  /** Where people read issues; null to derive it from the base URL. */
  readonly webUrl: string | null;
  /** `owner/name`; with Jira the project's key. */
  readonly repository: string;
  /** Of the account that Backref uses; null where its token says who it is. */
  readonly email: string | null;
  /** Of the account that Backref uses. */
  readonly token: string;
  /** Of the account that works at the tracker by hand. */
  readonly personToken: string;
  readonly isPrivateAddress: boolean;
  /** Whether it can reach a webhook receiver in this process; if not, it is polled. */
  readonly sendsWebhooks: boolean;
  readonly limits: Partial<Limits>;
  /** How long the two sides may take to agree. */
  readonly patienceMs: number;
  close(): Promise<void>;
}

/** A tracker that is not open yet. */
export interface TrackerChoice {
  /** Tells it from every other; fit for a folder. */
  readonly name: string;
  /** What earlier runs kept means nothing to it. */
  readonly isForgetful: boolean;
  open(data: { readonly folder: string; readonly isNew: boolean }): Promise<Tracker>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The real GitHub where token and repository are given, else a fake one, or a fake Jira, on a port of this machine. */
export function chooseTracker(environment: Environment, provider: Tracker["kind"]): TrackerChoice {
  if (provider === "jira") return { name: "fake-jira", isForgetful: true, open: openFakeJira };
  const { GITHUB_TOKEN: token = "", GITHUB_REPOSITORY: repository = "" } = environment;
  if (token === "") return { name: "fake", isForgetful: false, open: openFakeGitHub };
  if (repository === "") {
    throw new InputError(
      "GITHUB_TOKEN is set, but not GITHUB_REPOSITORY. Set it to owner/name to use the real GitHub, or unset both to use the fake one.",
    );
  }
  const github = connectGitHub(environment, token, repository);
  return { name: folderNameOf(github), isForgetful: false, open: async () => github };
}

/** What may be shown: an address that cannot be used is refused later, in words, but its password is printed nowhere. */
function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//");
}

/** Such as `api.github.com~acme~web`; GitHub ignores case. */
function folderNameOf({ baseUrl, repository }: Tracker): string {
  const address = withoutCredentials(baseUrl).replace(/^\w+:\/\/|\/+$/g, "");
  const name = `${address}/${repository}`.toLowerCase();
  const readable = name.replaceAll("/", "~").replace(/[^\w.~-]/g, "_");
  // What had to be replaced, or is too long for a folder, is told apart by its hash.
  const isExact = readable.replaceAll("~", "/") === name && readable.length < 200;
  return isExact
    ? readable
    : `${readable.slice(0, 150)}~${createHash("sha256").update(name).digest("hex").slice(0, 8)}`;
}

/** The variables are those of GitHub Actions, where GITHUB_API_URL and GITHUB_SERVER_URL are set as well. */
function connectGitHub(environment: Environment, token: string, repository: string): Tracker {
  const { GITHUB_API_URL: apiUrl, GITHUB_SERVER_URL: serverUrl } = environment;
  const baseUrl = apiUrl || "https://api.github.com";
  return {
    kind: "github",
    name: "GitHub",
    email: null,
    description: `GitHub at ${withoutCredentials(baseUrl)}`,
    baseUrl,
    webUrl: serverUrl || null,
    repository,
    token,
    personToken: token,
    isPrivateAddress: Boolean(apiUrl),
    sendsWebhooks: false,
    limits: { pollIntervalMs: 2_000 },
    patienceMs: 120_000,
    close: async () => {},
  };
}
