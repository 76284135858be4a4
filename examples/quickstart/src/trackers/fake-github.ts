import { join } from "node:path";
import { createFakeGitHub, type FakeGitHub, FakeGitHubStateError } from "@backref/testing/github";
import { readIfThere, writeWhole } from "../files.ts";
import { InputError } from "../input-error.ts";
import type { Tracker } from "../tracker.ts";
import { gitHub } from "./every-github.ts";
import { createGitHubPerson } from "./github-person.ts";

const repository = "acme/shop";
const webUrl = "https://github.example";

/** What is kept of the fake GitHub. */
interface Kept {
  /** Token of somebody who works there. */
  readonly personToken: string;
  readonly state: unknown;
}

/**
 * A fake GitHub on a port of this machine that remembers.
 *
 * It writes its file before it answers, so it never knows less than Backref's database has heard from it. Otherwise a
 * killed run could leave a GitHub that gives the number of a known issue to another one.
 */
export async function openFakeGitHub(request: { readonly folder: string; readonly isNew: boolean }): Promise<Tracker> {
  const path = join(request.folder, "github.json");
  const kept = readKept(path);
  if (kept === null && !request.isNew) {
    throw new InputError(
      `${path} is missing: Backref's data speaks of issues that this GitHub has forgotten. Start over with --reset.`,
    );
  }
  const github = create(kept, path, (state) => keep({ personToken, state }));
  const personToken = kept?.personToken ?? github.createToken({ login: "lena" });
  const keep = (next: Kept): void => writeWhole(path, JSON.stringify(next));
  keep({ personToken, state: github.save() });
  await removeOldHooks(github);
  const port = await github.listen();
  return {
    ...gitHub,
    description: `a fake GitHub at ${port.url}`,
    connection: { baseUrl: port.url, options: { webUrl }, auth: { type: "token", token: github.token } },
    container: repository,
    person: createGitHubPerson({ baseUrl: port.url, repository, token: personToken }),
    isPrivateAddress: true,
    sendsWebhooks: true,
    // What a killed run had begun is taken up soon: nothing is slow here, and no request arrives late.
    limits: { leaseMs: 20_000, requestTimeoutMs: 5_000, createGraceMs: 20_000 },
    patienceMs: 60_000,
    close: () => port.close(),
  };
}

function readKept(path: string): Kept | null {
  const text = readIfThere(path);
  if (text === null) return null;
  try {
    const kept = JSON.parse(text) as Partial<Kept> | null;
    if (typeof kept?.personToken === "string") return { personToken: kept.personToken, state: kept.state ?? null };
  } catch {
    // Told below.
  }
  throw unreadable(path, "It is not what was saved.");
}

function create(kept: Kept | null, path: string, keep: (state: unknown) => void): FakeGitHub {
  const options = { repositories: [repository], htmlUrl: webUrl, keep };
  try {
    return createFakeGitHub(kept === null ? options : { ...options, state: kept.state });
  } catch (error) {
    if (error instanceof FakeGitHubStateError) throw unreadable(path, error.message);
    throw error;
  }
}

function unreadable(path: string, why: string): InputError {
  return new InputError(`The fake GitHub in ${path} cannot be read. ${why} Start over with --reset.`);
}

/** Webhooks of earlier runs lead to ports that are somebody else's by now. */
async function removeOldHooks(github: FakeGitHub): Promise<void> {
  const ask = async (method: string, path: string): Promise<unknown> => {
    const headers = { authorization: `Bearer ${github.token}`, "user-agent": "backref-quickstart" };
    const response = await github.fetch(`https://api.github.com/repos/${repository}/hooks${path}`, { method, headers });
    return response.status === 204 ? null : response.json();
  };
  for (const { id } of (await ask("GET", "?per_page=100")) as { readonly id: number }[]) await ask("DELETE", `/${id}`);
}
