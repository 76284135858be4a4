import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createExport } from "../../src/services/traceability/create-export.ts";
import { collect } from "../support/collect.ts";
import { errorOf } from "../support/error-of.ts";
import { addGitHubSource, createGitHubWorld, settle } from "../support/github-world.ts";
import { createHostWorld } from "../support/host-world.ts";

const projectId = "web";
const hostile = '=HYPERLINK("https://evil.example","a;b")\r\n- "Total", \u202etxt.exe';

interface Json {
  readonly count: number;
  readonly exportedAt: string;
  readonly references: readonly unknown[];
}

/** A defect that is pushed, and a test case and a run that refer to its issue and to one with a hostile title. */
async function createExportWorld() {
  const world = await createGitHubWorld();
  const source = await addGitHubSource(world);
  const { app, github } = world;
  github.as("lena").createIssue("acme/web", { title: hostile, assignees: ["lena"], labels: ["a", "b"] });
  const { defect } = await app.defects.report({ projectId, failure: { caseId: "TC-7", runId: "R-1", title: "Wrong" } });
  await app.defects.push(defect.id);
  await settle(world);
  const add = (id: string, issue: string, relation: string, type = "test-case") =>
    app.references.add({ object: { type, id, projectId }, sourceId: source.id, issue, relation });
  await add("TC-7", "#2", "defect");
  await add("=1+1", "#1", "relates-to");
  await world.time.advance(90_000);
  return { ...world, source, defect };
}

const csvOf = async (text: AsyncIterable<string>) => {
  const document = (await collect(text)).join("");
  return parse(document, { columns: true, bom: true, record_delimiter: "\r\n" }) as Record<string, string>[];
};

describe("references are exported as JSON", () => {
  test("with all that is known, as `references.list` shows it, and with links and defects", async () => {
    const { app, defect, time } = await createExportWorld();
    const document = await app.traceability.exportReferences({ projectId, format: "json" });
    expect(document.contentType).toBe("application/json");
    const json = (await document.response().json()) as Json;
    const { items } = await app.references.list({ projectId });
    expect(json).toMatchObject({ version: 1, count: 3, exportedAt: new Date(time.now()).toISOString() });
    const [link] = await app.defects.links(defect.id);
    const linked = {
      link: { id: link?.id, defectId: defect.id, status: "synced", message: null, syncedAt: link?.syncedAt },
      defect: { id: defect.id, projectId, title: "Wrong", status: "open", priority: null },
    };
    const apart = { link: null, defect: null };
    const expected = items.map((one) => ({ ...one, ...(one.issue.key === "acme/web#2" ? linked : apart) }));
    expect(json.references).toEqual(JSON.parse(JSON.stringify(expected)));
    expect(items.map(({ object }) => object.type)).toEqual(["defect", "test-case", "test-case"]);
  });

  test("whatever texts say, they come out as they went in", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.string({ unit: "binary" }))), async (batches) => {
        const content = { name: "texts", columns: {}, at: 0, batches: () => streamOf(batches) };
        const text = (await collect(createExport(content, { format: "json" }).text())).join("");
        expect(JSON.parse(text)).toMatchObject({ texts: batches.flat(), count: batches.flat().length });
      }),
    );
  });
});

async function* streamOf<Item>(items: readonly Item[]) {
  yield* items;
}

describe("references are exported as CSV", () => {
  test("under names that stay, in which nothing is a formula", async () => {
    const { app, defect, source } = await createExportWorld();
    const document = await app.traceability.exportReferences({ projectId, format: "csv" });
    const rows = await csvOf(document.text());
    const names =
      "reference_id,project_id,object_type,object_id,relation,relation_kind,issue_key,issue_url,issue_title,issue_status,issue_status_category,issue_status_reason,issue_assignees,issue_priority,issue_type,issue_labels,issue_state,issue_details,issue_fetched_at,issue_age_seconds,source_id,defect_id,defect_title,defect_status,sync_status,sync_message,synced_at,created_by,created_at";
    expect(Object.keys(rows[0] ?? {}).join(",")).toBe(names);
    expect(rows).toHaveLength(3);
    expect(rows[1]).toMatchObject({
      object_type: "test-case",
      object_id: "TC-7",
      relation: "Defect",
      relation_kind: "defect",
      issue_key: "acme/web#2",
      issue_title: "Wrong",
      defect_id: defect.id,
      defect_status: "open",
      sync_status: "synced",
      source_id: source.id,
    });
    expect(rows[2]).toMatchObject({
      object_id: "'=1+1",
      // One line without marks that turn it round, as every title that comes in.
      issue_title: `'=HYPERLINK("https://evil.example","a;b") - "Total", txt.exe`,
      issue_assignees: "lena",
      issue_labels: "a, b",
      issue_status_category: "open",
      issue_age_seconds: "90",
      defect_id: "",
      sync_status: "",
    });
    expect(rows.flatMap(Object.values).filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
  });

  test("in UTF-8, with a byte order mark where it is asked for, as a download", async () => {
    const { app, time } = await createExportWorld();
    const request = { projectId, format: "csv", relationKind: "general" } as const;
    const plain = await app.traceability.exportReferences(request);
    const marked = await app.traceability.exportReferences({ ...request, byteOrderMark: true });
    const response = marked.response();
    const day = new Date(time.now()).toISOString().slice(0, 10);
    expect(Object.fromEntries(response.headers)).toEqual({
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": `attachment; filename="references-${day}.csv"`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(bytes.subarray(3).toString("utf8")).toBe(await plain.response().text());
    expect(await csvOf(marked.text())).toHaveLength(1);
  });
});

describe("an export", () => {
  test("shows what the actor sees, and nothing else", async () => {
    const { app, backref, source, defect } = await createExportWorld();
    const shop = { type: "test-case", id: "S-1", projectId: "shop" };
    const { issue } = await app.references.add({
      object: shop,
      sourceId: source.id,
      issue: "acme/web#2",
      relation: "defect",
    });
    const seller = backref.as({ tenantId: "acme", userId: "sam", projects: { shop: "viewer" } });
    expect(await errorOf(seller.traceability.exportReferences({ projectId, format: "csv" }))).toMatchObject({
      code: "not-found",
    });
    await app.sources.update(source.id, { projects: ["web"] });
    const document = await seller.traceability.exportReferences({ issueId: issue.id, format: "json" });
    const text = (await collect(document.text())).join("");
    const { references } = JSON.parse(text) as Json;
    expect(references).toMatchObject([{ object: shop, issue: { details: "hidden" }, link: null, defect: null }]);
    expect(text).not.toContain(defect.id);
    expect(text).not.toContain("Wrong");
    const stranger = backref.as({ tenantId: "other", userId: "eve", role: "owner" });
    const nothing = await stranger.traceability.exportReferences({ issueId: issue.id, format: "json" });
    expect(await nothing.response().json()).toMatchObject({ references: [], count: 0 });
  });

  test("obeys a policy of the host's that keeps exports from those who may list", async () => {
    const world = await createExportWorld();
    const { items } = await world.app.references.list({ projectId });
    const { createBackref } = await import("../../src/index.ts");
    const strict = createBackref({
      storage: world.storage,
      providers: [],
      clock: world.time.clock,
      policy: ({ action }) => action !== "traceability.read",
    }).as({ tenantId: "acme", userId: "max" });
    const issueId = items[0]?.issue.id ?? "";
    expect((await strict.references.list({ issueId })).items).toHaveLength(2);
    const document = await strict.traceability.exportReferences({ issueId, format: "json" });
    expect(await document.response().json()).toMatchObject({ references: [] });
  });

  test("reads nothing before it is taken, no more than is taken, and nothing after it was cancelled", async () => {
    let asked = 0;
    let ended = false;
    const batches = async function* () {
      try {
        for (;;) {
          asked += 1;
          yield [String(asked)];
        }
      } finally {
        ended = true;
      }
    };
    const document = createExport({ name: "x", columns: { n: (item) => item }, batches, at: 0 }, { format: "csv" });
    const reader = document.stream().getReader();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(asked).toBe(0);
    for (let taken = 0; taken < 4; taken += 1) await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(asked).toBe(3);
    await reader.cancel();
    expect([asked, ended]).toEqual([3, true]);
  });

  test("that cannot be finished fails where it is read, and its JSON is no document", async () => {
    const batches = async function* () {
      yield ["a"];
      throw new Error("storage away");
    };
    const document = createExport({ name: "x", columns: {}, batches, at: 0 }, { format: "json" });
    await expect(document.response().text()).rejects.toThrow("storage away");
    let text = "";
    await (async () => {
      for await (const part of document.text()) text += part;
    })().catch(() => undefined);
    expect(() => JSON.parse(text)).toThrow();
  });

  test("of a host with defects of its own has them, too", async () => {
    const { app } = await createHostWorld();
    const document = await app.traceability.exportReferences({ projectId, format: "csv" });
    expect(await csvOf(document.text())).toMatchObject([
      { object_type: "defect", object_id: "BUG-1", defect_title: "Total is wrong", sync_status: "synced" },
    ]);
  });

  test.each([
    [{ projectId, format: "xlsx" }, "format: must be `csv` or `json`"],
    [{ projectId }, "format: must be `csv` or `json`"],
    [{ projectId, format: "json", byteOrderMark: true }, "byteOrderMark: only CSV has one"],
    [{ format: "csv" }, "give one of `object`, `issueId` and `projectId`"],
    [{ projectId, format: "csv", relationKind: "other" }, "relationKind"],
    [{ projectId, format: "csv", columns: ["a"] }, "columns"],
  ])("%j is refused in words", async (request, words) => {
    const { app } = await createGitHubWorld();
    const error = await errorOf(app.traceability.exportReferences(request as never));
    expect(error).toMatchObject({ code: "invalid-input", message: expect.stringContaining(words) });
  });
});
