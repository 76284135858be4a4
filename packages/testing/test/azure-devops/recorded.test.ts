import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { needContract } from "../../../../tests/support/contracts.ts";
import { createFakeAzureDevOps } from "../../src/azure-devops/index.ts";
import { type Client, contractFolder, createClient, type Loose, set, test } from "./client.ts";

/** What the recorded answers have of an account, a process or a time before, and a fake needs not. */
const passedOver =
  /^(Microsoft\.VSTS\.(Scheduling|Common\.(Activated|Closed|ValueArea|BacklogPriority))|Custom|WEF_)|^System\.(AreaLevel|BoardColumn|History|AssignedTo|Tags)/;
/** Of several projects' types, or of old versions alone. */
const old = new Set(["xmlForm", "multilineFieldsFormat", "commentVersionRef", "relations"]);

interface Case {
  readonly example: string;
  readonly ask: (call: Client, id: string) => ReturnType<Client>;
}

const cases: readonly Case[] = [
  {
    example: "workItems/POST__wit_workitems_create",
    ask: (call) => call("POST", "/Web/_apis/wit/workitems/$Task", [set("System.Title", "x")]),
  },
  {
    example: "workItems/PATCH__wit_workitems__taskId_",
    ask: (call, id) => call("PATCH", `/_apis/wit/workitems/${id}`, [test(1), set("System.Title", "y")]),
  },
  { example: "workItems/GET__wit_WorkItems_id", ask: (call, id) => call("GET", `/_apis/wit/workitems/${id}`) },
  {
    example: "workItemsBatch/POST__wit_WorkItemsBatch_ids-_ids__fields-_columns_",
    ask: (call, id) =>
      call("POST", "/_apis/wit/workitemsbatch", {
        ids: [Number(id)],
        fields: ["System.Id", "System.Title", "System.WorkItemType"],
      }),
  },
  {
    example: "workItemTypeStates/GET__workitem_type_states",
    ask: (call) => call("GET", "/Web/_apis/wit/workitemtypes/Bug/states"),
  },
  {
    example: "workItemTypesField/GET__workItemType_fields_expand",
    ask: (call) => call("GET", "/Web/_apis/wit/workitemtypes/Bug/fields?$expand=all"),
  },
  {
    example: "workItemRevisions/GET__wit_reporting_workItemRevisions_includeIdentityRef-true_watermark-794",
    ask: (call) => call("GET", "/_apis/wit/reporting/workitemrevisions?includeIdentityRef=true"),
  },
  {
    example: "wiql/GET__wit_get_id_workitems",
    ask: (call) =>
      call("POST", "/Web/_apis/wit/wiql", {
        query: "SELECT [System.Id] FROM WorkItems ORDER BY [Microsoft.VSTS.Common.Priority]",
      }),
  },
  {
    example: "attachments/POST__wit_attachments_fileName-_textFile_",
    ask: (call) =>
      call("POST", "/Web/_apis/wit/attachments?fileName=a.txt", "x", {
        headers: { "content-type": "application/octet-stream" },
      }),
  },
];

/** Paths of members, of lists those of any entry. */
function shapeOf(value: Loose, path = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((entry) => shapeOf(entry, `${path}[]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    if (passedOver.test(name) || old.has(name)) return [];
    return [`${path}/${name}`, ...shapeOf(member, `${path}/${name}`)];
  });
}

it.for(cases)("answers as it was recorded: $example", async ({ example, ask }, context) => {
  needContract(context, "azure-devops");
  const file = join(contractFolder, "specification/wit/7.1/httpExamples", `${example}.json`);
  const { responses } = JSON.parse(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
  const [recorded] = Object.values<Loose>(responses);
  const fake = createFakeAzureDevOps({ projects: ["Web"] });
  const { id } = fake.as("ann").createIssue("Web", { title: "x", type: "Task", description: "y" });
  const { body, status } = await ask(createClient(fake), id);
  expect(String(status)).toBe(Object.keys(responses)[0]);
  const shape = new Set(shapeOf(body));
  expect(shapeOf(recorded.body).filter((path) => !shape.has(path))).toEqual([]);
});
