import type { World } from "./world.ts";

/** One more than the largest batch that a tracker takes. */
export const refreshed = 251;

/**
 * What is counted, by the name that tables show. Each begins in a world with one pushed defect, where the account, the labels
 * and the container are known, and nothing is due.
 */
export const operations = {
  "push a defect": ({ during, pushed }: World) => during(() => pushed({ priority: "major" })),
  "push a closed defect": ({ during, pushed }: World) => during(() => pushed({ status: "closed" })),
  "one changed field": (world: World) =>
    edited(world, (id) => world.app.defects.update(id, { title: "Total is wrong with a voucher" })),
  "five edits before the pass": (world: World) =>
    edited(world, async (id) => {
      for (let step = 1; step <= 5; step += 1) await world.app.defects.update(id, { title: `Total is wrong, ${step}` });
    }),
  async "a delivery that changes nothing"({ during, pushed, deliver, settle }: World) {
    await pushed();
    return await during(async () => {
      await deliver();
      await settle();
    });
  },
  "a delivery that does": (world: World) => told(world, 1),
  "five deliveries at once": (world: World) => told(world, 5),
  async "an idle poll"({ during, poll }: World) {
    await poll();
    return await during(poll);
  },
  async [`refresh of ${refreshed} issues`]({ app, tracker, source, during, time }: World) {
    const object = { type: "test-case", id: "TC-1", projectId: "web" };
    for (let number = 1; number <= refreshed; number += 1) {
      const key = tracker.people.createIssue(`Issue ${number}`, "");
      const issue = tracker.issue(key);
      if (issue === null) throw new Error("An issue that was made is not there.");
      const text = tracker.issueText?.(issue) ?? `${issue.container}#${issue.item}`;
      await app.references.add({ object, sourceId: source.id, issue: text, relation: "relates-to" });
    }
    // Data Center finds issues by an index that lags behind.
    await time.advance(60_000);
    return await during(() => time.during(app.issues.refresh({ sourceId: source.id })));
  },
} as const satisfies Readonly<Record<string, (world: World) => Promise<readonly string[]>>>;

export type OperationName = keyof typeof operations;
export const operationNames: readonly OperationName[] = Object.keys(operations) as OperationName[];

async function edited({ during, pushed, settle, time }: World, edit: (defectId: string) => Promise<unknown>) {
  const defect = await pushed();
  // Longer than a look stays fresh.
  await time.advance(10_000);
  return await during(async () => {
    await edit(defect.id);
    await settle();
  });
}

async function told({ during, pushed, deliver, settle, tracker, newest, time }: World, count: number) {
  await pushed();
  await deliver();
  await settle();
  await time.advance(10_000);
  for (let step = 1; step <= count; step += 1) {
    tracker.people.setTitle(newest(), `Retitled ${step}`);
    await time.advance(1_100);
  }
  return await during(async () => {
    await deliver();
    await settle();
  });
}
