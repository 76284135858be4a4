import type { Backref } from "@backref/core";
import type { FakeGitHub } from "@backref/testing/github";
import { forged, post } from "./deliveries.ts";
import { createHost } from "./host.ts";
import type { Mount } from "./mounts/index.ts";

export interface World {
  /** Backref of the process that serves. Deliveries only make work due there; a worker on the same database does it. */
  readonly web: Backref;
  readonly github: FakeGitHub;
  readonly gitHubUrl: string;
}

/** Statuses of the answers, and what became of the defect. */
export interface Outcome {
  readonly framework: string;
  readonly genuine: number;
  readonly doubled: number;
  readonly forged: number;
  readonly title: string;
}

/** One framework from its start to its end: a source, a defect, an edit at the tracker that comes in by webhook. */
export async function runStory({ web, github, gitHubUrl }: World, mount: Mount): Promise<Outcome> {
  const projectId = mount.name.toLowerCase();
  const repository = `acme/${projectId}`;
  github.addRepository(repository);
  const actor = { tenantId: "acme", userId: "olga", role: "owner" } as const;
  const app = web.as(actor);
  const server = await mount.start(createHost(web, actor));
  try {
    const source = await app.sources.create({
      name: `GitHub, received by ${mount.name}`,
      provider: "github",
      baseUrl: gitHubUrl,
      auth: { type: "token", token: github.token },
      targets: [{ projectId, container: repository }],
    });
    const { endpoint } = await app.sources.webhook(source.id);
    await app.sources.registerWebhooks(source.id, { url: `${server.url}/hooks/${endpoint}` });

    // The host's own people use its JSON route.
    const response = await fetch(`${server.url}/defects`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ projectId, title: "Total is wrong" }),
    });
    const { id } = (await response.json()) as { readonly id: string };
    await github.settle();

    // Somebody edits the issue: GitHub sends a delivery, and the worker brings the change.
    github.as("lena").editIssue(repository, 1, { title: "Total is wrong with a voucher" });
    await github.settle();
    const delivery = github.webhooks.deliveries.findLast(({ url }) => url.startsWith(server.url));
    if (delivery === undefined) throw new Error("GitHub sent no delivery.");
    const title = await changedTitle(app, id, "Total is wrong");

    return {
      framework: mount.name,
      genuine: delivery.attempts[0] ?? 0,
      doubled: await post(delivery),
      forged: await post(forged(delivery)),
      title,
    };
  } finally {
    await server.close();
  }
}

/** The defect's title once the worker has changed it, or as it still is after ten seconds. */
async function changedTitle(app: ReturnType<Backref["as"]>, id: string, before: string): Promise<string> {
  for (let look = 0; look < 200; look += 1) {
    const { title } = await app.defects.get(id);
    if (title !== before) return title;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return before;
}
