import type { IssueAddress, ProviderCall } from "@backref/core/provider";
import { createRequest, findCreated, readAddress, sampleDraft, sampleToken, unreadAddress } from "./actions.ts";
import { type ProviderContext, settle } from "./context.ts";
import { type GroupName, groupOf } from "./define-rules.ts";
import { redelivery } from "./redelivery.ts";
import { uploadRequest } from "./sample-file.ts";

/** A remote call of the contract, made with sample arguments. */
export interface RemoteOperation {
  /** For messages, for example `create.create`. */
  readonly name: string;
  readonly group: GroupName;
  /** What changes something is in doubt when its answer is lost. */
  readonly isWrite: boolean;
  run(context: ProviderContext, call: ProviderCall, issue: IssueAddress): Promise<unknown>;
}

const operations: readonly RemoteOperation[] = [
  {
    name: "connect.account",
    group: "connect",
    isWrite: false,
    run: (context, call) => groupOf(context, "connect").account(call),
  },
  {
    name: "connect.probe",
    group: "connect",
    isWrite: false,
    run: (context, call) => groupOf(context, "connect").probe(call, { container: context.container }),
  },
  {
    name: "read.issues",
    group: "read",
    isWrite: false,
    run: (context, call, issue) => groupOf(context, "read").issues(call, { issues: [issue] }),
  },
  {
    name: "create.create",
    group: "create",
    isWrite: true,
    run: (context, call) => groupOf(context, "create").create(call, createRequest(context)),
  },
  {
    name: "create.findCreated",
    group: "create",
    isWrite: false,
    run: (context, call) => findCreated(context, { call, accountId: "1" }),
  },
  {
    name: "update.update",
    group: "update",
    isWrite: true,
    run: (context, call, issue) =>
      groupOf(context, "update").update(call, { issue, patch: { title: "Menu hides the text" }, ifVersion: null }),
  },
  {
    name: "comments.list",
    group: "comments",
    isWrite: false,
    run: (context, call, issue) => groupOf(context, "comments").list(call, { issue }),
  },
  {
    name: "comments.create",
    group: "comments",
    isWrite: true,
    run: (context, call, issue) =>
      groupOf(context, "comments").create(call, { issue, body: "Seen again.", token: sampleToken }),
  },
  {
    name: "changes.list",
    group: "changes",
    isWrite: false,
    run: (context, call) =>
      groupOf(context, "changes").list(call, {
        container: context.capabilities.pollScope === "source" ? null : context.container,
        cursor: null,
        startAt: context.tracker.now() - 60_000,
        withComments: false,
      }),
  },
  {
    name: "form.fields",
    group: "form",
    isWrite: false,
    run: (context, call) => groupOf(context, "form").fields(call, { container: context.container, type: null }),
  },
  {
    name: "people.search",
    group: "people",
    isWrite: false,
    run: (context, call) =>
      groupOf(context, "people").search(call, { container: context.container, text: "", limit: 5 }),
  },
  {
    name: "search.issues",
    group: "search",
    isWrite: false,
    run: (context, call) =>
      groupOf(context, "search").issues(call, { containers: [context.container], text: sampleDraft.title, limit: 5 }),
  },
  {
    name: "containers.list",
    group: "containers",
    isWrite: false,
    run: (context, call) => groupOf(context, "containers").list(call, { text: "", limit: 5 }),
  },
  {
    name: "labels.ensure",
    group: "labels",
    isWrite: false,
    run: (context, call) =>
      groupOf(context, "labels").ensure(call, {
        container: context.container,
        labels: [{ name: "priority:high", color: "d93f0b", description: "" }],
      }),
  },
  {
    name: "attachments.upload",
    group: "attachments",
    isWrite: true,
    run: (context, call, issue) => groupOf(context, "attachments").upload(call, uploadRequest(issue)),
  },
  {
    name: "attachments.list",
    group: "attachments",
    isWrite: false,
    run: (context, call, issue) => {
      const { list } = groupOf(context, "attachments");
      if (list === undefined) throw new TypeError("Only providers with `attachments.list` have this operation.");
      return list(call, { issue });
    },
  },
  {
    name: "webhooks.redeliver",
    group: "webhooks",
    isWrite: false,
    run: (context, call) => redelivery(context, call, { since: context.tracker.now() - 60_000 }),
  },
];

/** The operations that the provider has. */
export function operationsOf({ provider }: ProviderContext): readonly RemoteOperation[] {
  return operations.filter(({ name, group }) => {
    if (name === "webhooks.redeliver") return provider.webhooks?.redeliver !== undefined;
    if (name === "attachments.list") return provider.attachments?.list !== undefined;
    return provider[group] !== undefined;
  });
}

/** Something for the operations to work on. */
export async function sampleIssue(context: ProviderContext): Promise<IssueAddress> {
  const item = await context.tracker.createIssue(sampleDraft);
  await settle(context);
  return readAddress(context, item);
}

/** An issue that does not exist. */
export function missingIssue(context: ProviderContext): IssueAddress {
  return unreadAddress(context, context.underTest.missingItem ?? "999999");
}
