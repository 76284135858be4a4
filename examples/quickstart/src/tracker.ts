import { createFakeGitHub } from "@backref/testing/github";
import { InputError } from "./input-error.ts";

/** The GitHub that the story plays on. */
export interface Tracker {
  /** For the first line of the output. */
  readonly description: string;
  readonly baseUrl: string;
  /** Where people read issues; null to derive it from the base URL. */
  readonly webUrl: string | null;
  /** `owner/name` */
  readonly repository: string;
  /** Of the account that Backref uses. */
  readonly token: string;
  /** Of the account that works at the tracker by hand. */
  readonly personToken: string;
  readonly isPrivateAddress: boolean;
  /** Whether it can reach a webhook receiver in this process; if not, it is polled. */
  readonly sendsWebhooks: boolean;
  /** How often to look without webhooks. */
  readonly pollIntervalMs: number;
  /** How long the two sides may take to agree. */
  readonly patienceMs: number;
  close(): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The real GitHub where token and repository are given, else a fake one on a port of this machine. */
export async function openTracker(environment: Environment): Promise<Tracker> {
  const { GITHUB_TOKEN: token = "", GITHUB_REPOSITORY: repository = "" } = environment;
  if (token === "") return openFakeGitHub();
  if (repository === "") {
    throw new InputError(
      "GITHUB_TOKEN is set, but not GITHUB_REPOSITORY. Set it to owner/name to use the real GitHub, or unset both to use the fake one.",
    );
  }
  return openGitHub(environment, token, repository);
}

async function openFakeGitHub(): Promise<Tracker> {
  const repository = "acme/shop";
  const webUrl = "https://github.example";
  const github = createFakeGitHub({ repositories: [repository], htmlUrl: webUrl });
  const port = await github.listen();
  return {
    description: `a fake GitHub at ${port.url}`,
    baseUrl: port.url,
    webUrl,
    repository,
    token: github.token,
    personToken: github.createToken({ login: "lena" }),
    isPrivateAddress: true,
    sendsWebhooks: true,
    pollIntervalMs: 60_000,
    patienceMs: 15_000,
    close: () => port.close(),
  };
}

/** What may be shown: an address that cannot be used is refused later, in words, but its password is printed nowhere. */
function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//");
}

/** The variables are those of GitHub Actions, where GITHUB_API_URL and GITHUB_SERVER_URL are set as well. */
function openGitHub(environment: Environment, token: string, repository: string): Tracker {
  const { GITHUB_API_URL: apiUrl, GITHUB_SERVER_URL: serverUrl } = environment;
  const baseUrl = apiUrl || "https://api.github.com";
  return {
    description: `GitHub at ${withoutCredentials(baseUrl)}`,
    baseUrl,
    webUrl: serverUrl || null,
    repository,
    token,
    personToken: token,
    isPrivateAddress: Boolean(apiUrl),
    sendsWebhooks: false,
    pollIntervalMs: 2_000,
    patienceMs: 120_000,
    close: async () => {},
  };
}
