import { BackrefError, createBackref, generateSecretKey } from "@backref/core";
import { createMemoryStorage } from "@backref/storage-memory";
import { createSeededRandom, createVirtualTime } from "@backref/testing";
import { describe, expect, test } from "vitest";
import { type TrackerLabel, trackerLabels, trackers } from "../request-floors/trackers.ts";
import { strangeAnswers } from "./answers.ts";

const noFault = { staleMs: 0, dropsField: false, refusesLabels: false };

/** A host with a source at a tracker whose requests arrive, and whose answers are another's while it is `troubled`. */
async function createWorld(label: TrackerLabel, answer: (url: string) => Response) {
  const time = createVirtualTime();
  const tracker = trackers[label](time.now);
  const state = { troubled: false, requests: 0 };
  const backref = createBackref({
    storage: createMemoryStorage({ clock: time.clock }),
    providers: [tracker.provider],
    secretKeys: [{ id: "test", key: generateSecretKey() }],
    clock: time.clock,
    scheduler: time.scheduler,
    random: createSeededRandom(3),
    fetch: async (input, init) => {
      state.requests += 1;
      const real = tracker.handle({ input, init, fault: noFault, requestId: state.requests });
      if (!state.troubled) return real;
      await real.catch(() => {});
      return answer(input instanceof Request ? input.url : String(input));
    },
  });
  const app = backref.as({ tenantId: "acme", userId: "ann", role: "owner" });
  const source = await app.sources.create({
    name: label,
    provider: tracker.provider.id,
    baseUrl: tracker.baseUrl,
    auth: tracker.credential(0),
    ...(tracker.options !== undefined && { options: tracker.options }),
    mapping: tracker.mapping,
    targets: [{ projectId: "web", container: tracker.containers[0] }],
  });
  return { time, tracker, state, backref, app, source };
}

describe.each(trackerLabels)("%s", (label) => {
  test.each(Object.entries(strangeAnswers))(
    "answered with %s in its place, no push makes a second issue",
    async (_name, answer) => {
      const { time, tracker, state, backref, app, source } = await createWorld(label, answer);
      // From then on a push is one create: account, labels and container are known.
      const first = await app.defects.create({ projectId: "web", title: "Checkout is slow" });
      await time.during(app.defects.push(first.id));
      state.troubled = true;
      const search = await time.during(app.issues.search({ projectId: "web", sourceId: source.id, text: "total" }));
      expect(search.limited?.reason).toBe("tracker");
      const form = await time.during(app.defects.pushForm({ projectId: "web", fresh: true }).catch((error) => error));
      if (form instanceof Error) expect(BackrefError.isInstance(form)).toBe(true);
      const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
      const link = await time.during(app.defects.push(defect.id));
      expect(link.status).not.toBe("synced");

      state.troubled = false;
      // Where a page looked like a lost sign-in, people enter the credential again.
      await app.sources.update(source.id, { auth: tracker.credential(0) });
      for (let minute = 0; minute < 30 && (await app.defects.link(link.id)).status !== "synced"; minute += 1) {
        await time.advance(60_000);
        await time.during(backref.sync.run({ maxMs: 1_000 }));
      }
      expect(await app.defects.link(link.id)).toMatchObject({ status: "synced" });
      expect(tracker.issues().length).toBe(2);
      await backref.close();
    },
  );
});
