import type { Provider, WebhookEvent } from "@backref/core/provider";
import { expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, provider, settle } from "../support/github-world.ts";

const repository = "acme/web";
/** Nothing but deliveries tells what happened. */
const limits = { pollIntervalMs: 86_400_000, sweepIntervalMs: 864_000_000 } as const;

/** GitHub's payloads as those of a tracker that says no more than where to look, and as of when. */
function tellingVersions(versionGranularityMs: number): typeof provider {
  const { webhooks } = provider;
  if (webhooks === undefined) throw new TypeError("The provider has no webhooks.");
  const read = (delivery: Parameters<typeof webhooks.read>[0]): WebhookEvent => {
    const event = webhooks.read(delivery);
    const hints = event.hints.map((hint) => ({ ...hint, issue: null, version: hint.issue?.version ?? null }));
    return { ...event, hints };
  };
  const capabilities: Provider["capabilities"] = {
    ...provider.capabilities,
    webhookPayload: "id-only",
    versionGranularityMs,
  };
  return { ...provider, capabilities, webhooks: { ...webhooks, read } };
}

async function createHookedWorld(versionGranularityMs: number | null) {
  const options = versionGranularityMs === null ? {} : { provider: tellingVersions(versionGranularityMs) };
  const world = await createGitHubWorld({ limits, ...options });
  const { app, github, time, backref } = world;
  const source = await addGitHubSource(world);
  await settle(world);
  await app.sources.registerWebhooks(source.id, { url: "https://host.example.com/hook" });
  const { endpoint } = await app.sources.webhook(source.id);
  const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
  const pending = () => github.webhooks.pending.length;
  const take = () => github.webhooks.drop();
  while (pending() > 0) take();
  await app.defects.push(defect.id);
  const send = async ({ url, headers, body }: ReturnType<typeof take>) => {
    await backref.webhooks.handle(new Request(url, { method: "POST", headers, body }), { endpoint });
  };
  /** Deliveries, oldest first, and how many requests they cost. */
  const deliver = async (deliveries: readonly ReturnType<typeof take>[]) => {
    const mark = github.mark();
    for (const delivery of deliveries) await send(delivery);
    await settle(world);
    return github.requestsSince(mark).length;
  };
  const takeAll = () => {
    const taken: ReturnType<typeof take>[] = [];
    while (pending() > 0) taken.push(take());
    return taken;
  };
  const title = async () => (await app.defects.get(defect.id)).title;
  return { lena: github.as("lena"), time, deliver, takeAll, title };
}

test("a delivery about what our own write made asks for no look, where it names the version alone", async () => {
  const { deliver, takeAll } = await createHookedWorld(0);
  const echo = takeAll();
  expect(echo).toHaveLength(1);
  expect(await deliver(echo)).toBe(0);
});

test("where other changes can have the same version, it is looked at", async () => {
  const { lena, deliver, takeAll, title, time } = await createHookedWorld(1_000);
  // Within the second of the push, so both have one version.
  lena.editIssue(repository, 1, { title: "Total is wrong with a voucher" });
  const deliveries = takeAll();
  await time.advance(10_000);
  expect(await deliver(deliveries)).toBeGreaterThan(0);
  expect(await title()).toBe("Total is wrong with a voucher");
});

test("a delivery about a newer version brings it in", async () => {
  const { lena, deliver, takeAll, title, time } = await createHookedWorld(0);
  takeAll();
  await time.advance(10_000);
  lena.editIssue(repository, 1, { title: "Total is wrong with a voucher" });
  expect(await deliver(takeAll())).toBe(1);
  expect(await title()).toBe("Total is wrong with a voucher");
});

test.each([
  ["a whole issue", null],
  ["a version alone", 0],
])("%s that comes late, about what was seen since, asks for no look", async (_what, versionGranularityMs) => {
  const { lena, deliver, takeAll, title, time } = await createHookedWorld(versionGranularityMs);
  takeAll();
  await time.advance(10_000);
  lena.editIssue(repository, 1, { title: "First" });
  const [late] = takeAll();
  await time.advance(2_000);
  lena.editIssue(repository, 1, { title: "Second" });
  expect(await deliver(takeAll())).toBe(1);
  expect(await title()).toBe("Second");
  await time.advance(10_000);
  expect(await deliver(late === undefined ? [] : [late])).toBe(0);
  expect(await title()).toBe("Second");
});
