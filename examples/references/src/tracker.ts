import { createFakeGitHub } from "@backref/testing/github";

/** A GitHub with issues in it. */
export interface Tracker {
  readonly description: string;
  readonly baseUrl: string;
  readonly repository: string;
  readonly token: string;
  /** An address that somebody chose may be one in a private network. */
  readonly isPrivateAddress: boolean;
  readonly fetch: typeof fetch;
  /** Keys or URLs, as people paste them. */
  readonly issues: readonly string[];
  /** Somebody works there; absent where only people can. */
  readonly work?: () => void;
}

/** What has to be put right before the program can begin. */
export class UsageError extends Error {}

/** The real GitHub where token and repository are given, else one in memory. It is read and never changed. */
export function chooseTracker(
  environment: Readonly<Record<string, string | undefined>>,
  issues: readonly string[],
): Tracker {
  const { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository, GITHUB_API_URL: apiUrl } = environment;
  if (!token) return fakeTracker(issues);
  if (!repository) throw new UsageError("GITHUB_TOKEN is set; set GITHUB_REPOSITORY to owner/name as well.");
  if (issues.length === 0) throw new UsageError("Name issues of the repository: keys such as #12, or their URLs.");
  const baseUrl = apiUrl || "https://api.github.com";
  return {
    description: `GitHub at ${new URL(baseUrl).host}`,
    baseUrl,
    repository,
    token,
    isPrivateAddress: Boolean(apiUrl),
    fetch,
    issues,
  };
}

function fakeTracker(issues: readonly string[]): Tracker {
  const repository = "acme/shop";
  const github = createFakeGitHub({ repositories: [repository] });
  const lena = github.as("lena");
  lena.createIssue(repository, { title: "Total is wrong with a voucher", labels: ["bug"] });
  lena.createIssue(repository, { title: "Search is slow" });
  lena.assign(repository, 1, "lena");
  return {
    description: "a GitHub in memory",
    baseUrl: "https://api.github.com",
    repository,
    token: github.token,
    isPrivateAddress: false,
    fetch: github.fetch,
    issues: issues.length > 0 ? issues : ["#1", `https://github.com/${repository}/issues/2?from=mail#top`],
    work() {
      lena.closeIssue(repository, 1);
      lena.editIssue(repository, 2, { title: "Search is slow on phones" });
      lena.assign(repository, 2, "lena");
    },
  };
}
