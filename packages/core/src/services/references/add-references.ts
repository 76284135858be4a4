import { z } from "zod";
import type { Relation } from "../../domain/relations.ts";
import type { TestObject } from "../../domain/test-object.ts";
import { BackrefError } from "../../errors/index.ts";
import { hostId, parseInput, recordId } from "../../input/parse-input.ts";
import { notFound } from "../../security/authoriser.ts";
import { commitAttempts, commitEach, tooManyWriters } from "../commit-plan.ts";
import { findByKeys } from "../find-by-keys.ts";
import { type PresentedIssues, presentIssues } from "../issues/present-issues.ts";
import type { AddReferenceInput, AddReferenceOutcome } from "../references-types.ts";
import { loadRelations, relationToGive } from "../relations/load-relations.ts";
import type { ServiceContext } from "../service-context.ts";
import { type PlannedReference, planReferences, type WantedReference } from "./plan-references.ts";
import { goneError, issueKey, readNewIssues } from "./read-new-issues.ts";
import { loadSourceChoices, type SourceChoice } from "./reference-sources.ts";
import { referenceResource, referenceView } from "./reference-view.ts";
import { resolveIssueText } from "./resolve-issue-text.ts";

/** An object of the host's, with its project. */
export const testObject: z.ZodType<TestObject> = z.strictObject({ type: hostId, id: hostId, projectId: hostId });

const addInput = z.strictObject({
  object: testObject,
  sourceId: recordId.exactOptional(),
  issue: z.string().trim().min(1).max(4_000),
  relation: recordId,
});

/** One outcome per input, in order. */
export async function addReferences(
  context: ServiceContext,
  inputs: readonly unknown[],
): Promise<readonly AddReferenceOutcome[]> {
  const outcomes = new Map<number, AddReferenceOutcome>();
  const parsed = await eachAlone(inputs, outcomes, async (input) => {
    const value: AddReferenceInput = parseInput(addInput, input, "reference");
    await context.authoriser.authorise(context.actor, "reference.add", {
      kind: "reference",
      tenantId: context.scope.tenantId,
      projectIds: [value.object.projectId],
    });
    return value;
  });
  const named = await nameIssues(context, parsed, outcomes);
  const reads = await readUnknown(context, named);
  const wanted = named.filter(({ index, issue }) => {
    const error = goneError(issue, reads.get(issueKey(issue)));
    if (error !== null) outcomes.set(index, { ok: false, error });
    return error === null;
  });
  await commitAll(context, wanted, reads, outcomes);
  return inputs.map((_input, index) => outcomes.get(index) ?? { ok: false, error: tooManyWriters("reference.add") });
}

interface Indexed<Value> {
  readonly index: number;
  readonly value: Value;
}

/** What one throws becomes its own outcome; other errors than ours concern all. */
async function eachAlone<Input, Value>(
  inputs: readonly Input[],
  outcomes: Map<number, AddReferenceOutcome>,
  work: (input: Input) => Value | Promise<Value>,
): Promise<readonly Indexed<Value>[]> {
  const done: Indexed<Value>[] = [];
  for (const [index, input] of inputs.entries()) {
    try {
      done.push({ index, value: await work(input) });
    } catch (error) {
      if (!BackrefError.isInstance(error)) throw error;
      outcomes.set(index, { ok: false, error });
    }
  }
  return done;
}

async function nameIssues(
  context: ServiceContext,
  parsed: readonly Indexed<AddReferenceInput>[],
  outcomes: Map<number, AddReferenceOutcome>,
): Promise<readonly WantedReference[]> {
  if (parsed.length === 0) return [];
  const { runtime, scope } = context;
  const sourceIds = parsed.flatMap(({ value }) => value.sourceId ?? []);
  const [relations, choices] = await Promise.all([
    loadRelations(runtime.storage, scope),
    loadSourceChoices(context, sourceIds.length === parsed.length ? sourceIds : null),
  ]);
  const byInput = new Map<number, AddReferenceOutcome>();
  const named = await eachAlone(parsed, byInput, ({ index, value }) =>
    nameIssue(context, choices, relations, index, value),
  );
  for (const [position, outcome] of byInput) outcomes.set(parsed[position]?.index ?? position, outcome);
  return named.map(({ value }) => value);
}

function nameIssue(
  context: ServiceContext,
  choices: readonly SourceChoice[],
  relations: ReadonlyMap<string, Relation>,
  index: number,
  input: AddReferenceInput,
): WantedReference {
  const { object, sourceId } = input;
  const relation = relationToGive(relations, input.relation, object.projectId);
  const issue = resolveIssueText(context.runtime, choices, {
    text: input.issue,
    projectId: object.projectId,
    ...(sourceId === undefined ? {} : { sourceId }),
  });
  return { index, object, relation, issue };
}

/** Reads issues of which nothing is known; inside a host's transaction nothing is read. */
async function readUnknown(context: ServiceContext, wanted: readonly WantedReference[]) {
  const { runtime, scope } = context;
  if (scope.transaction !== undefined) return new Map();
  const rows = await findByKeys(
    runtime.storage,
    scope,
    "issue",
    "canonicalKey",
    wanted.map(({ issue }) => [issue.source.id, issue.formatted.canonicalKey]),
  );
  const read = new Set(rows.filter((row) => row.snapshot !== null).map((row) => `${row.sourceId} ${row.canonicalKey}`));
  return await readNewIssues(
    context,
    wanted.map(({ issue }) => issue).filter((issue) => !read.has(issueKey(issue))),
  );
}

async function commitAll(
  context: ServiceContext,
  wanted: readonly WantedReference[],
  reads: Awaited<ReturnType<typeof readNewIssues>>,
  outcomes: Map<number, AddReferenceOutcome>,
): Promise<void> {
  const { runtime, scope } = context;
  let remaining = wanted;
  for (let attempt = 0; attempt < commitAttempts && remaining.length > 0; attempt += 1) {
    const plans = await planReferences(context, remaining, reads);
    const { done, lost } = await commitEach(runtime, scope, plans);
    const presented = await presentIssues(
      context,
      done.map((plan) => plan.issue),
    );
    for (const plan of done) outcomes.set(plan.wanted.index, await resultOf(context, plan, presented));
    remaining = lost.map((plan) => plan.wanted);
  }
}

/** The first of two equal references may stand in a project that is none of this actor's business. */
async function resultOf(
  context: ServiceContext,
  plan: PlannedReference,
  presented: PresentedIssues,
): Promise<AddReferenceOutcome> {
  const { row, issue, created, wanted } = plan;
  const resource = referenceResource(row);
  if (!created && !(await context.authoriser.allows(context.actor, "reference.list", resource))) {
    const error = notFound({ kind: "reference" });
    return { ok: false, error };
  }
  const reference = referenceView(row, { relation: wanted.relation, issue: presented.view(issue) });
  return { ok: true, reference, issue: reference.issue, created };
}
