import { createBackref, type Defect, generateSecretKey } from "@backref/core";
import { createMemoryStorage } from "@backref/storage-memory";
import { createSeededRandom, createVirtualTime } from "@backref/testing";
import type { PendingDelivery } from "../../packages/testing/src/simulation/tracker/remote-tracker.ts";
import { type TrackerLabel, trackers } from "./trackers.ts";

/** Far apart, so that a poll happens only where one is asked for. */
const pollIntervalMs = 600_000;
const noFault = { staleMs: 0, dropsField: false, refusesLabels: false };

/** A host with one source at a tracker, under one virtual clock. What arrives at the tracker is counted there. */
export async function createWorld(label: TrackerLabel) {
  const time = createVirtualTime();
  const tracker = trackers[label](time.now);
  const provider = tracker.provider;
  await provider.preload?.();
  const arrived: string[] = [];
  const pending: PendingDelivery[] = [];
  tracker.onDelivery((delivery) => void pending.push(delivery));
  const backref = createBackref({
    storage: createMemoryStorage({ clock: time.clock }),
    providers: [provider],
    secretKeys: [{ id: "test", key: generateSecretKey() }],
    defectUrl: ({ defect }) => `https://tests.example.com/defects/${defect.id}`,
    clock: time.clock,
    scheduler: time.scheduler,
    random: createSeededRandom(3),
    limits: { pollIntervalMs },
    fetch: (input, init) => {
      arrived.push(tracker.describe(input, init).text);
      return tracker.handle({ input, init, fault: noFault, requestId: arrived.length });
    },
  });
  const app = backref.as({ tenantId: "acme", userId: "ann", displayName: "Ann", role: "owner" });
  const source = await app.sources.create({
    name: label,
    provider: provider.id,
    baseUrl: tracker.baseUrl,
    auth: tracker.credential(0),
    ...(tracker.options !== undefined && { options: tracker.options }),
    mapping: tracker.mapping,
    targets: [{ projectId: "web", container: tracker.containers[0] }],
  });
  const { endpoint, secret } = await app.sources.webhook(source.id);
  tracker.setHookSecret(secret);

  /** Runs passes until nothing is due before the next poll. */
  const settle = async () => {
    for (let pass = 0; pass < 50; pass += 1) {
      const { nextDueAt } = await time.during(backref.sync.run({ maxMs: 1_000 }));
      if (nextDueAt === null || nextDueAt - time.now() > 60_000) return;
      await time.advance(Math.max(nextDueAt - time.now(), 1));
    }
    throw new Error("The world did not settle in 50 passes.");
  };
  return {
    time,
    tracker,
    provider,
    app,
    source,
    settle,
    async poll() {
      await time.advance(pollIntervalMs);
      await settle();
    },
    async pushed(change: { readonly status?: "closed"; readonly priority?: "major" } = {}): Promise<Defect> {
      const defect = await app.defects.create({ projectId: "web", title: "Total is wrong", ...change });
      await time.during(app.defects.push(defect.id));
      return defect;
    },
    /** Key of the tracker's newest issue. */
    newest(): string {
      const issue = tracker.issues().at(-1);
      if (issue === undefined) throw new Error("There is no issue.");
      return issue.key;
    },
    /** Takes what the tracker has sent since the last call. */
    async deliver() {
      for (const { headers, body } of pending.splice(0)) {
        const request = new Request("https://host.example/hook", { method: "POST", headers, body });
        const { status } = await backref.webhooks.handle(request, { endpoint });
        if (status >= 300) throw new Error(`A delivery was answered with ${status}.`);
      }
    },
    /** What arrived at the tracker while something went on. */
    async during(work: () => Promise<unknown>): Promise<readonly string[]> {
      const before = arrived.length;
      await work();
      return arrived.slice(before);
    },
  };
}

export type World = Awaited<ReturnType<typeof createWorld>>;
