import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { apply, createDefect, type DefectStoreContext, draftOf, read, readOk } from "../context.ts";
import type { HostTransactions } from "../defect-store-under-test.ts";
import { defineRules } from "./define-rules.ts";

function transactionsOf({ host }: DefectStoreContext): HostTransactions {
  assert.ok(host.transactions !== undefined, "the host has no transactions");
  return host.transactions;
}

export const transactionRules: readonly Rule<DefectStoreContext>[] = defineRules(
  "DefectStore.read",
  ["transactions"],
  [
    [
      "transaction-own-writes",
      "With the host's open transaction in its scope, read tells what that transaction has written.",
      async (context) => {
        const { store, tenantId } = context;
        const place = await createDefect(context);
        await transactionsOf(context).run(async (open) => {
          const { transaction } = open;
          const created = await open.createDefect(tenantId, draftOf(context, { title: "Just made" }));
          await open.editDefect(place, { title: "Just edited" });
          const found = await store.read({ tenantId, transaction }, [created, place.defectId]);
          const titles = new Map(found.map(({ id, title }) => [id, title]));
          assert.deepEqual([titles.get(created), titles.get(place.defectId)], ["Just made", "Just edited"]);
        });
        assert.equal((await readOk(context, place)).title, "Just edited");
      },
    ],
    [
      "transaction-left-open",
      "Reading inside the host's transaction neither commits nor ends it.",
      async (context) => {
        const { store, tenantId } = context;
        const place = await createDefect(context, { title: "Before" });
        const giveUp = new Error("The host rolls back.");
        const work = transactionsOf(context).run(async (open) => {
          const { transaction } = open;
          await open.editDefect(place, { title: "Given up" });
          await store.read({ tenantId, transaction }, [place.defectId, "no-such-defect"]);
          await open.editDefect(place, { description: "Given up" });
          throw giveUp;
        });
        await assert.rejects(work, (error) => error === giveUp);
        const { title, description } = await readOk(context, place);
        assert.deepEqual({ title, description }, { title: "Before", description: draftOf(context).description });
      },
    ],
    [
      "transaction-not-seen",
      "What is not committed is not told: it may be rolled back, and would have gone out.",
      async (context) => {
        const { tenantId } = context;
        const place = await createDefect(context, { title: "Before" });
        const created = await transactionsOf(context).run(async (open) => {
          const defectId = await open.createDefect(tenantId, draftOf(context));
          await open.editDefect(place, { title: "Not yet" });
          assert.equal((await readOk(context, place)).title, "Before");
          assert.equal(await read(context, { tenantId, defectId }), undefined);
          return { tenantId, defectId };
        });
        assert.equal((await readOk(context, place)).title, "Not yet");
        await readOk(context, created);
      },
      ["transactions at once"],
    ],
    [
      "transaction-not-overwritten",
      "An edit that is committed while an apply waits for it is not lost: the apply is stale.",
      async (context) => {
        const place = await createDefect(context);
        const { revision } = await readOk(context, place);
        const set = { title: "Tracker", description: "Tracker" };
        const waiting = await transactionsOf(context).run(async (open) => {
          await open.editDefect(place, { title: "Person" });
          const outcome = apply(context, place, { set }, revision);
          // Far enough to meet the edit; a store that cannot wait has answered by then.
          await Promise.race([outcome, new Promise((resolve) => setTimeout(resolve, 100))]);
          return { outcome };
        });
        const outcome = await waiting.outcome;
        const { title, description } = await readOk(context, place);
        assert.equal(title, "Person");
        // Where the apply came first, as a whole, the edit came after it.
        if (outcome.status === "applied") assert.equal(description, "Tracker");
        else assert.deepEqual(outcome, { status: "stale" });
      },
      ["transactions at once"],
    ],
  ],
);
