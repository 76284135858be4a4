import { createBackref } from "@backref/core";
import { systemClock } from "@backref/core/storage";
import { createGitHubProvider } from "@backref/provider-github";
import { createFakeGitHub, type FakeGitHub } from "@backref/testing/github";
import { createPostgresStorage, type PostgresPool } from "../src/index.ts";
import { pollSettings } from "./poll-settings.ts";

const { repository, baseUrl, schema, secretKeys, listAgeMs } = pollSettings;

export interface PollWorld {
  readonly github: FakeGitHub;
  /** The linked issues, as lists tell them. */
  readonly known: readonly object[];
}

/** A source that is as old as the list, with some linked issues that somebody has closed; its poll is due. */
export async function createPollWorld(pool: PostgresPool, links: number): Promise<PollWorld> {
  const github = createFakeGitHub({ repositories: [repository] });
  const backref = createBackref({
    storage: createPostgresStorage({ pool, schema }),
    providers: [createGitHubProvider()],
    secretKeys,
    clock: { ...systemClock, now: () => systemClock.now() - listAgeMs },
    fetch: github.fetch,
  });
  await backref.migrate();
  const app = backref.as({ tenantId: "acme", userId: "ann", role: "owner" });
  await app.sources.create({
    name: "GitHub",
    provider: "github",
    baseUrl,
    auth: { type: "token", token: github.token },
    targets: [{ projectId: "web", container: repository }],
  });
  for (let number = 0; number < links; number += 1) {
    const { id } = await app.defects.create({ projectId: "web", title: `Defect ${number}` });
    await app.defects.push(id);
  }
  await backref.close();
  await pool.query(`UPDATE ${schema}.poll_scope_work SET due_at = 1`);
  for (const { number } of github.issues(repository)) github.as("lena").closeIssue(repository, number);
  const answer = await github.fetch(`${baseUrl}/repos/${repository}/issues?state=all&per_page=${links}`, {
    headers: { authorization: `Bearer ${github.token}`, "user-agent": "bench" },
  });
  const known: unknown = await answer.json();
  if (!Array.isArray(known) || known.length !== links) throw new TypeError(`${links} issues were expected to be made.`);
  return { github, known };
}
