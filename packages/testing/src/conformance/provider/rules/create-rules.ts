import assert from "node:assert/strict";
import type { Rule } from "../../rule.ts";
import { addressOf, create, createRequest, probeCreate, readLive, sampleToken, truthOf } from "../actions.ts";
import { able, given, type ProviderContext, settle } from "../context.ts";
import { defineRules, groupOf, withoutLabels } from "../define-rules.ts";
import { failureOf } from "../failures.ts";
import { assertSameLabels, assertSameText, assertTruth } from "../truth.ts";

function withoutIdempotence({ capabilities }: ProviderContext): string | null {
  return capabilities.idempotentCreate ? null : "the provider declares no `idempotentCreate`";
}

export const createRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/groups/create.ts, CreateGroup.create",
  { groups: ["create"] },
  [
    [
      "create-answer",
      "The answer is the new issue as the tracker has it, and that is what was sent.",
      async (context) => {
        const request = createRequest(context);
        const { issue, warnings } = await create(context);
        const truth = await truthOf(context, issue.item);
        assert.deepEqual(warnings, [], "warnings");
        assertTruth(issue, truth, "the answer");
        assertSameText(truth.title, request.title, "the title at the tracker");
        assertSameText(truth.body, request.body, "the body at the tracker");
        assert.equal(issue.container, context.container, "container");
        assert.equal(issue.state.category, "open", "state of a new issue");
        assert.deepEqual(await context.tracker.listIssues(), [issue.item], "there is one new issue");
      },
    ],
    [
      "create-answer-read",
      "A later read tells the same as the answer: id, place, times, version, author.",
      async (context) => {
        const { issue } = await create(context);
        await settle(context);
        const read = await readLive(context, addressOf(issue));
        for (const field of ["remoteId", "container", "item", "title", "createdAt", "version"] as const) {
          assert.equal(read[field], issue[field], field);
        }
        assert.equal(read.author?.id, issue.author?.id, "author");
      },
      { groups: ["read"] },
    ],
    [
      "create-one-request",
      "A create takes the requests that the provider documents, one if it says nothing.",
      async (context) => {
        const call = context.call();
        const mark = context.tracker.mark();
        await groupOf(context, "create").create(call, createRequest(context));
        assert.equal(context.tracker.countRequests(mark), context.underTest.createRequestCount ?? 1, "requests");
      },
    ],
    [
      "create-marker-place",
      "The token goes to the declared marker place and to no other.",
      async (context) => {
        const { markerPlace } = context.capabilities;
        const { issue } = await create(context);
        const truth = await truthOf(context, issue.item);
        const isInBody = truth.body.includes(sampleToken);
        assert.equal(isInBody, markerPlace === "body", `the token in the body, with marker place "${markerPlace}"`);
        const isInLabel = truth.labels.some((label) => label.includes(sampleToken));
        assert.equal(isInLabel, markerPlace === "label", `the token in a label, with marker place "${markerPlace}"`);
        assert.ok(!truth.title.includes(sampleToken), "the token is in the title");
      },
    ],
    [
      "create-labels",
      "Labels that exist are set.",
      async (context) => {
        const labels = ["bug", "priority:high"];
        // Somebody has used these labels before, so they exist.
        await context.tracker.createIssue({ title: "First", body: "", labels });
        await settle(context);
        const { issue, warnings } = await create(context, { labels });
        const { markerPlace } = context.capabilities;
        const set = issue.labels.filter((label) => markerPlace !== "label" || !label.includes(sampleToken));
        assertSameLabels(set, labels, "the answer");
        assertTruth(issue, await truthOf(context, issue.item), "the answer");
        assert.deepEqual(warnings, [], "warnings");
      },
      { unless: withoutLabels },
    ],
    [
      "create-labels-refused",
      "Where the account may not set labels, the issue is created all the same, and a warning says so.",
      async (context) => {
        await context.tracker.createIssue({ title: "First", body: "", labels: ["priority:high"] });
        await able(context, "refuseLabels")();
        await settle(context);
        const { issue, warnings } = await create(context, { labels: ["priority:high"] });
        assert.deepEqual(issue.labels, [], "labels of the answer");
        assertTruth(issue, await truthOf(context, issue.item), "the answer");
        const warning = warnings.find(({ field }) => field === "labels");
        assert.ok(warning !== undefined, `no warning concerns labels: ${JSON.stringify(warnings)}`);
        assert.ok(warning.message.trim() !== "", "the warning has no words");
      },
      { unless: withoutLabels },
    ],
    [
      "create-unknown-container",
      "A container that does not exist is a failure that nobody needs to doubt.",
      async (context) => {
        const container = given(context, "unknownContainer");
        const attempt = () => create(context, { container });
        await failureOf(
          context,
          "create in a container that does not exist",
          attempt,
          "gone",
          "forbidden",
          "permanent",
        );
      },
    ],
    [
      "create-idempotent",
      "Where `idempotentCreate` is declared, the same token yields the same issue.",
      async (context) => {
        const first = await create(context);
        const second = await create(context);
        assert.equal(second.issue.remoteId, first.issue.remoteId, "remote id of the second answer");
        assert.equal((await context.tracker.listIssues()).length, 1, "issues at the tracker");
      },
      { unless: withoutIdempotence },
    ],
    [
      "create-existed",
      "Where `idempotentCreate` is declared, an issue that the token had already is told as one that existed, as it is now.",
      async (context) => {
        const first = await create(context);
        assert.notEqual(first.existed, true, "`existed` of the first answer");
        await context.tracker.editIssue(first.issue.item, { title: "Renamed meanwhile" });
        await settle(context);
        const second = await create(context);
        assert.equal(second.existed, true, "`existed` of the second answer");
        assert.equal(second.issue.title, "Renamed meanwhile", "title of the second answer");
      },
      { unless: withoutIdempotence },
    ],
    [
      "create-probe",
      "What `probe` says survives JSON, and asking creates nothing.",
      async (context) => {
        const probe = await probeCreate(context);
        assert.deepEqual(JSON.parse(JSON.stringify(probe)), probe, "probe survives JSON");
        assert.deepEqual(await context.tracker.listIssues(), [], "a probe creates nothing");
      },
      {
        unless: ({ provider }) => (provider.create?.probe === undefined ? "the provider has no `create.probe`" : null),
      },
    ],
  ],
);
