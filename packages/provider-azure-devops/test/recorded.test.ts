import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { UnexpectedShape } from "@backref/provider-kit";
import { describe, expect, test } from "vitest";
import { needContract } from "../../../tests/support/contracts.ts";
import { fieldNames } from "../src/fields.ts";
import { mapComment } from "../src/map-comment.ts";
import { mapItem, parseItem } from "../src/map-issue.ts";
import { loadRichText } from "../src/text.ts";
import { categoryOf } from "../src/work-item-types.ts";
import { contractFolder } from "./support-contract.ts";

type Json = Readonly<Record<string, unknown>>;

interface Recorded {
  readonly name: string;
  readonly sent: unknown;
  readonly body: unknown;
}

/** Every recorded exchange of a kind, with its answer. */
function recorded(kind: string): readonly Recorded[] {
  const folder = join(contractFolder, "specification/wit/7.1/httpExamples", kind);
  return readdirSync(folder).flatMap((file) => {
    const text = readFileSync(join(folder, file), "utf8").replace(/^\uFEFF/, "");
    const { parameters, responses } = JSON.parse(text) as {
      parameters: Json;
      responses: Readonly<Record<string, Json>>;
    };
    const body = responses["200"]?.["body"];
    return body === undefined ? [] : [{ name: basename(file, ".json"), sent: parameters["body"], body }];
  });
}

const isItem = (value: unknown): value is Json & { readonly fields: Json } =>
  typeof value === "object" && value !== null && "fields" in value && "rev" in value;

/** Items in an answer: it is one, a list, or a report. */
function itemsIn(body: unknown): readonly (Json & { readonly fields: Json })[] {
  if (isItem(body)) return [body];
  const { value, values } = (body ?? {}) as { value?: unknown; values?: unknown };
  return [value, values].flatMap((list) => (Array.isArray(list) ? list.filter(isItem) : []));
}

/** What an exchange did not ask for, and what snapshots always ask for. */
const usual: Json = {
  [fieldNames.project]: "Fabrikam",
  [fieldNames.type]: "Task",
  [fieldNames.state]: "New",
  [fieldNames.createdDate]: "2017-10-06T01:04:51.57Z",
  [fieldNames.changedDate]: "2017-10-06T01:04:51.57Z",
};

const options = { deployment: null, workItemType: "Bug", bodyField: null, setsSeverity: false } as const;
const states = [
  { name: "New", category: "Proposed" },
  { name: "To Do", category: "Proposed" },
  { name: "Active", category: "InProgress" },
  { name: "Done", category: "Completed" },
];

async function mapRecorded(item: Json & { readonly fields: Json }) {
  const richText = await loadRichText();
  const whole = { ...item, id: item["id"] ?? 1, fields: { ...usual, ...item.fields } };
  const context = { deployment: "services", options, richText, statesOf: () => states } as const;
  return mapItem(parseItem(whole), context);
}

describe("what Microsoft recorded", () => {
  test.for(["workItems", "workItemsBatch", "workItemRevisions", "revisions", "recycleBin"])(
    "of %s parses into the issue that it is",
    async (kind, context) => {
      needContract(context, "azure-devops");
      let count = 0;
      for (const { name, body } of recorded(kind)) {
        const { resource } = (body ?? {}) as { resource?: unknown };
        for (const item of itemsIn(resource ?? body)) {
          const issue = await mapRecorded(item);
          const { fields } = item;
          const told = (field: string) => fields[field] ?? usual[field];
          expect.soft(issue.title, name).toBe(fields[fieldNames.title] ?? "");
          expect.soft(issue.container, name).toBe(told(fieldNames.project));
          expect.soft(issue.type, name).toBe(told(fieldNames.type));
          expect.soft(issue.state.name, name).toBe(told(fieldNames.state));
          expect.soft(issue.version, name).toBe(item["rev"]);
          expect.soft(issue.createdAt, name).toBe(Date.parse(String(told(fieldNames.createdDate))));
          const tags = String(fields[fieldNames.tags] ?? "");
          expect.soft(issue.labels, name).toEqual(tags === "" ? [] : tags.split("; ").toSorted());
          const priority = fields[fieldNames.priority];
          expect.soft(issue.priority, name).toBe(priority === undefined ? null : String(priority));
          const isAssigned = fields[fieldNames.assignedTo] !== undefined;
          expect.soft(issue.assignees, name).toHaveLength(isAssigned ? 1 : 0);
          if (fields[fieldNames.createdBy] !== undefined)
            expect.soft(issue.author?.displayName, name).toMatch(/^[A-Z]\w+ [A-Z]\w+$/);
          count += 1;
        }
      }
      expect(count).toBeGreaterThan(0);
    },
  );

  test("of comments parses into the comments that they are", async (context) => {
    needContract(context, "azure-devops");
    const mapping = {
      richText: await loadRichText(),
      deployment: "services",
      issueUrl: "https://x.example/1",
    } as const;
    let count = 0;
    for (const { name, body } of recorded("comments")) {
      const { comments } = (body ?? {}) as { comments?: readonly Json[] };
      const rows = comments ?? (typeof body === "object" && body !== null && "text" in body ? [body as Json] : []);
      for (const row of rows) {
        // Version 3 of the API, which is not asked here, had texts of revisions and no comments with ids.
        if ("revision" in row) {
          expect.soft(() => mapComment(row, mapping), name).toThrow(UnexpectedShape);
          continue;
        }
        const comment = mapComment(row, mapping);
        count += 1;
        if (row["isDeleted"] === true) {
          expect.soft(comment, name).toBe(null);
          continue;
        }
        expect.soft(comment?.remoteId, name).toBe(String(row["id"] ?? row["commentId"]));
        expect.soft(comment?.version, name).toBe(row["version"]);
        expect.soft(comment?.createdAt, name).toBe(Date.parse(String(row["createdDate"])));
        expect.soft(comment?.author?.displayName, name).toMatch(/\w+ \w+/);
        expect.soft(comment?.body, name).not.toMatch(/<\w+>/);
      }
    }
    expect(count).toBeGreaterThan(5);
  });

  test("of states says what they mean", (context) => {
    needContract(context, "azure-devops");
    const [{ body } = { body: null }] = recorded("workItemTypeStates");
    const { value } = body as { value: readonly { readonly name: string; readonly category: string }[] };
    const told = Object.fromEntries(value.map(({ name }) => [name, categoryOf(name, value)]));
    const expected = { New: "open", Active: "active", CustomState: "active", Resolved: "active", Closed: "closed" };
    expect(told).toEqual(expected);
  });
});
