import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { createDefect, createDefects, type DefectStoreContext, draftOf, read, readOk } from "../context.ts";
import { defineRules } from "./define-rules.ts";

/** What people may type where an id is asked for, and no host gives as an id. */
const oddIds = [
  "no-such-defect",
  "-1",
  "1.5",
  "99999999999999999999999999",
  "00000000-0000-4000-8000-000000000000",
  "'; --",
  "%",
  "ä\u{1F41E}",
  "x".repeat(255),
] as const;

export const readRules: readonly Rule<DefectStoreContext>[] = defineRules(
  "DefectStore.read",
  [],
  [
    [
      "read-shape",
      "A defect reads as people made it, in the documented shape.",
      async (context) => {
        const place = await createDefect(context);
        const snapshot = await readOk(context, place);
        const { title, description, status, priority } = snapshot;
        assert.deepEqual({ title, description, status, priority }, draftOf(context));
        assert.equal(snapshot.id, place.defectId);
        assert.ok(typeof snapshot.projectId === "string" && snapshot.projectId !== "", "projectId is a text");
        assert.ok(typeof snapshot.revision === "string" && snapshot.revision !== "", "revision is a text");
        for (const [field, at] of Object.entries(snapshot.changedAt ?? {})) {
          assert.ok(Number.isFinite(at), `changedAt.${field} is a number of milliseconds`);
        }
      },
    ],
    [
      "read-no-priority",
      "A defect without a priority reads as null, and an empty description as an empty text.",
      async (context) => {
        const place = await createDefect(context, { priority: null, description: "" });
        const { priority, description } = await readOk(context, place);
        assert.deepEqual({ priority, description }, { priority: null, description: "" });
      },
    ],
    [
      "read-missing",
      "Missing defects are absent from the answer, and the others are in it.",
      async (context) => {
        const place = await createDefect(context);
        const { store, tenantId } = context;
        assert.deepEqual(await store.read({ tenantId }, []), []);
        assert.deepEqual(await store.readComments({ tenantId }, []), []);
        const found = await store.read({ tenantId }, [oddIds[0], place.defectId]);
        assert.deepEqual(
          found.map(({ id }) => id),
          [place.defectId],
        );
      },
    ],
    [
      "read-odd-ids",
      "Ids that no defect of the host can have are missing like others; none of them makes the call fail.",
      async (context) => {
        const place = await createDefect(context);
        const { store, tenantId } = context;
        for (const id of oddIds) {
          assert.deepEqual(await store.read({ tenantId }, [id]), [], `read of "${id}"`);
          assert.deepEqual(await store.readComments({ tenantId }, [id]), [], `readComments of "${id}"`);
        }
        assert.equal((await store.read({ tenantId }, [...oddIds, place.defectId])).length, 1);
      },
    ],
    [
      "read-deleted",
      "A deleted defect is missing.",
      async (context) => {
        const place = await createDefect(context);
        await context.host.deleteDefect?.(place);
        assert.equal(await read(context, place), undefined);
      },
      ["deleteDefect"],
    ],
    [
      "read-many",
      "Many defects are read at once, each as itself.",
      async (context) => {
        const places = await createDefects(context, 120);
        const { store, tenantId } = context;
        const found = await store.read(
          { tenantId },
          places.map(({ defectId }) => defectId),
        );
        const titles = new Map(found.map(({ id, title }) => [id, title]));
        assert.equal(found.length, places.length);
        for (const [index, { defectId }] of places.entries()) {
          assert.equal(titles.get(defectId), `Defect ${index + 1}`);
        }
      },
    ],
  ],
);
