import { createHmac } from "node:crypto";
import { addGitHubSource, createGitHubWorld, type GitHubWorldOptions, settle } from "./github-world.ts";

export const repository = "acme/web";
/** Nothing but deliveries tells what happened. */
const quiet = { pollIntervalMs: 86_400_000, sweepIntervalMs: 864_000_000 } as const;

export interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
}

/** A source with a webhook, and one defect that is linked to issue 1 of `acme/web`, at rest. */
export async function createHookedWorld(options: GitHubWorldOptions = {}) {
  const world = await createGitHubWorld({ ...options, limits: { ...quiet, ...options.limits } });
  const source = await addGitHubSource(world);
  await settle(world);
  await world.app.sources.registerWebhooks(source.id, { url: "https://host.example.com/hook" });
  const { endpoint, secret } = await world.app.sources.webhook(source.id);
  world.watch.plant("the webhook's secret", secret);

  const send = async ({ headers, body }: Sent, to: { readonly endpoint: string } = { endpoint }) => {
    const request = new Request("https://host.example.com/hook", { method: "POST", headers, body, duplex: "half" });
    return await world.backref.webhooks.handle(request, to);
  };
  /** What GitHub would send, signed with this endpoint's secret unless another is given. */
  const signed = (body: string, headers: Readonly<Record<string, string>> = {}, key = secret): Sent => ({
    body,
    headers: {
      "content-type": "application/json",
      "x-github-event": "issues",
      "x-github-delivery": "delivery-1",
      "x-hub-signature-256": `sha256=${createHmac("sha256", key).update(body).digest("hex")}`,
      ...headers,
    },
  });
  const defect = await world.app.defects.create({ projectId: "web", title: "Total is wrong" });
  const link = await world.app.defects.push(defect.id);
  while (world.github.webhooks.pending.length > 0) await send(world.github.webhooks.drop());
  await settle(world);
  await world.time.advance(10_000);

  /** Somebody edits the issue; what GitHub sends about it, not delivered yet. */
  const edited = (title: string, body?: string) => {
    world.github.as("lena").editIssue(repository, 1, { title, ...(body === undefined ? {} : { body }) });
    const { headers, body: sent } = world.github.webhooks.drop();
    return { headers, body: sent } satisfies Sent;
  };
  const scope = { tenantId: "acme" };
  /** Which of these deliveries have a row. */
  const stored = async (...ids: readonly string[]) =>
    (await world.storage.find(scope, { table: "delivery", by: "delivery", keys: ids.map((id) => [endpoint, id]) })).map(
      ({ deliveryId }) => deliveryId,
    );
  /** What a delivery could have changed, to be compared before and after. */
  const state = async () => ({
    issues: await world.storage.find(scope, { table: "issue", by: "source", keys: [[source.id]] }),
    links: await world.storage.find(scope, { table: "link", by: "source", keys: [[source.id]] }),
    sources: await world.storage.find(scope, { table: "source", by: "all", keys: [[]] }),
    activity: await world.storage.find(scope, { table: "activity", by: "all", keys: [[]] }),
  });
  const titleHere = async () => (await world.app.defects.get(defect.id)).title;
  return { ...world, source, endpoint, secret, defect, link, send, signed, edited, state, stored, titleHere };
}

export type HookedWorld = Awaited<ReturnType<typeof createHookedWorld>>;
