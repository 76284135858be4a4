import type {
  FieldWarning,
  IssueAddress,
  IssuePatch,
  UpdateGroup,
  UpdateIssueRequest,
  UpdateIssueResult,
} from "@backref/core/provider";
import { hasStatus, type Operation } from "@backref/provider-kit";
import type { AzureDevOpsCall, PatchStep } from "./client.ts";
import { badTags, droppedFields, prioritySteps, setField, setText, titleOf, unknownPerson } from "./create-fields.ts";
import { errors, refusesField } from "./errors.ts";
import { bodyFieldOf, fieldNames, isTag, sameTag, splitTags } from "./fields.ts";
import { bodyOf, type Memory, parseItem, recall, remember, type WorkItem } from "./map-issue.ts";
import type { People } from "./people.ts";
import { itemPath, type OpenReader, type Reader } from "./reader.ts";
import { chooseState, noWay, pathTo } from "./states.ts";
import type { AzureDevOpsAuth, AzureDevOpsOptions } from "./types.ts";
import { sendWithoutRefused } from "./without-refused.ts";

const write: Operation = { name: "issue.update", isWrite: true };
const reading: Operation = { name: "issue.update", isWrite: false };

/** How often a change that depends on a look is begun anew where somebody else was faster. */
const mostAttempts = 3;

/** One request, which the revision that it was meant for stands in. A look goes before it where that is not known. */
export function createUpdateGroup(
  openReader: OpenReader,
  people: People,
): UpdateGroup<AzureDevOpsAuth, AzureDevOpsOptions> {
  return {
    async update(call: AzureDevOpsCall, request: UpdateIssueRequest) {
      const reader = await openReader(call);
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await updateOnce(call, reader, people, request);
        } catch (error) {
          const isRace = request.ifVersion === null && hasStatus(error, 412);
          if (!isRace) throw error;
          if (attempt < mostAttempts) continue;
          const { message } = error;
          throw errors.build(write, {
            failure: "retry",
            message: `Others change it all the time. ${message}`,
            cause: error,
          });
        }
      }
    },
  };
}

/** What a change is made of. */
interface Situation {
  readonly call: AzureDevOpsCall;
  readonly reader: Reader;
  readonly people: People;
  readonly issue: IssueAddress;
  readonly patch: IssuePatch;
  /** Null where the change depends on nothing. */
  readonly known: Memory | null;
  /** The item as it was looked at for this change; null where no look was needed. */
  readonly looked: WorkItem | null;
}

async function updateOnce(
  call: AzureDevOpsCall,
  reader: Reader,
  people: People,
  { issue, patch, ifVersion }: UpdateIssueRequest,
): Promise<UpdateIssueResult> {
  const remembered = recall(issue, ifVersion);
  const looked = needsLook(patch, remembered) ? await reader.fetchOne(reading, issue) : null;
  const known = looked === null ? remembered : remember(looked, reader);
  const situation: Situation = { call, reader, people, issue, patch, known, looked };
  const { steps, warnings, assigneeId, bodyAsRead } = await fieldSteps(situation);
  const rev = ifVersion ?? looked?.rev ?? null;
  const test: readonly PatchStep[] = rev === null ? [] : [{ op: "test", path: "/rev", value: rev }];
  const { item, warnings: told, leftOut } = await send(situation, test, steps);
  const answer = item ?? looked ?? (await reader.fetchOne(reading, issue));
  // The states of its type were read where its state was changed; else nothing was written, or they were known before.
  const snapshot = await reader.mapOne(reading, answer).catch((error: unknown) => {
    throw item === null ? error : errors.afterOtherWrites(write, error);
  });
  const dropped = droppedFields(snapshot, {
    ...(leftOut.includes("labels") ? {} : { labels: (patch.labels?.add ?? []).filter(isTag) }),
    ...(leftOut.includes("assignees") ? {} : { assigneeId }),
    priority: patch.priority ?? null,
  });
  const bodyAsSent = bodyAsRead !== null && snapshot.body === bodyAsRead;
  return { issue: snapshot, warnings: [...warnings, ...told, ...dropped], bodyAsSent };
}

/** What depends on how things stand: tags that go, states, and the format that the description is written in. */
function needsLook({ body, state, priority, labels, assigneeIds }: IssuePatch, known: Memory | null): boolean {
  const hasRemovals = (labels?.remove.length ?? 0) > 0;
  const leaves = (assigneeIds?.remove.length ?? 0) > 0 && (assigneeIds?.add.length ?? 0) === 0;
  const hasOriginal = body !== undefined && known?.isPlain !== true;
  const depends = state !== undefined || priority !== undefined || hasRemovals || leaves;
  return hasOriginal || (known === null && depends);
}

async function fieldSteps({ call, reader, people, issue, patch, known, looked }: Situation): Promise<{
  readonly steps: readonly PatchStep[];
  readonly warnings: readonly FieldWarning[];
  readonly assigneeId: string | null;
  /** What the description reads as if it stands there as it is sent; null where none is sent. */
  readonly bodyAsRead: string | null;
}> {
  const { title, body, labels, priority, assigneeIds } = patch;
  const steps: PatchStep[] = [];
  let bodyAsRead: string | null = null;
  if (title !== undefined) steps.push(setField(fieldNames.title, titleOf(title)));
  if (body !== undefined && known !== null) {
    const original = looked === null || known.format === "markdown" ? null : bodyOf(looked, reader).text;
    const text = reader.richText.write(body, known.format, original);
    steps.push(...setText(bodyFieldOf(known.type, call.options), text, known.format, reader.deployment));
    bodyAsRead = reader.richText.read(text, known.format);
  }
  const isBug = known?.type.toLowerCase() === "bug";
  if (priority === null && known?.hasPriority === true)
    steps.push({ op: "remove", path: `/fields/${fieldNames.priority}` });
  else if (priority != null)
    steps.push(...prioritySteps(write, priority, { setsSeverity: call.options.setsSeverity, isBug }));
  steps.push(...tagSteps(labels, known));
  const { container } = issue;
  const [added] = assigneeIds?.add ?? [];
  if (added !== undefined) {
    const name = await people.uniqueNameOf(call, reader.client, write, { container, id: added });
    if (name === null)
      return { steps, warnings: [...badTags(labels?.add ?? []), unknownPerson], assigneeId: null, bodyAsRead };
    steps.push(setField(fieldNames.assignedTo, name));
  } else if (known?.assignee != null && assigneeIds?.remove.includes(known.assignee) === true) {
    steps.push(setField(fieldNames.assignedTo, ""));
  }
  return { steps, warnings: badTags(labels?.add ?? []), assigneeId: added ?? null, bodyAsRead };
}

/** To add tags adds them to those that are there; taking some away replaces all by the others. */
function tagSteps(labels: IssuePatch["labels"], known: Memory | null): readonly PatchStep[] {
  const added = (labels?.add ?? []).filter(isTag);
  const current = splitTags(known?.tags ?? "");
  const isRemoved = (tag: string) => labels?.remove.some((label) => sameTag(label, tag)) === true;
  if (!current.some(isRemoved)) return added.length === 0 ? [] : [setField(fieldNames.tags, added.join("; "))];
  const kept = current.filter((tag) => !isRemoved(tag));
  const fresh = added.filter((label) => !kept.some((tag) => sameTag(tag, label)));
  const value = [...kept, ...fresh].join("; ");
  return value === ""
    ? [{ op: "remove", path: `/fields/${fieldNames.tags}` }]
    : [{ op: "replace", path: `/fields/${fieldNames.tags}`, value }];
}

interface Written {
  /** Null where there was nothing to change. */
  readonly item: WorkItem | null;
  readonly warnings: readonly FieldWarning[];
  readonly leftOut: readonly string[];
}

/** Fields and state in one request; where a rule leads to the state by others only, one more for each of those. */
async function send(situation: Situation, test: readonly PatchStep[], steps: readonly PatchStep[]): Promise<Written> {
  const { reader, issue, patch, known } = situation;
  const { client } = reader;
  const path = itemPath(write, issue);
  const once = (patchSteps: readonly PatchStep[]) =>
    sendWithoutRefused(patchSteps, async (patched) =>
      (await client.request(write, "PATCH", path, { patch: patched })).as(parseItem),
    );
  const written = ({ answer, warnings, leftOut }: Awaited<ReturnType<typeof once>>): Written => ({
    item: answer,
    warnings,
    leftOut,
  });
  const nothing: Written = { item: null, warnings: [], leftOut: [] };
  const target = patch.state;
  // It may have been moved since its address was learnt.
  const container = situation.looked?.fields[fieldNames.project] ?? issue.container;
  const states = target === undefined || known === null ? [] : await reader.statesOf(reading, container, known.type);
  const choice = target === undefined || known === null ? null : chooseState(target, known.state, states);
  const others = async () => (steps.length === 0 ? nothing : written(await once([...test, ...steps])));
  if (target === undefined || known === null || choice === "there") return others();
  const withWarning = async (warning: FieldWarning): Promise<Written> => {
    const rest = await others();
    return { ...rest, warnings: [...rest.warnings, warning] };
  };
  if (choice === null) return withWarning(noWay(known.state, target, states));
  const moving = (state: string): readonly PatchStep[] => [
    setField(fieldNames.state, state),
    ...(target.reason === undefined ? [] : [setField(fieldNames.reason, target.reason)]),
  ];
  try {
    return written(await once([...test, ...steps, ...moving(choice)]));
  } catch (error) {
    if (!refusesField(error, fieldNames.state)) throw error;
    const way = await pathTo(client, {
      container,
      type: known.type,
      from: known.state,
      target,
      states,
    });
    if (way === null) return withWarning({ field: "state", message: error.message });
    return walk(way);
  }

  /** The first step takes the fields along. */
  async function walk(way: readonly string[]): Promise<Written> {
    let last = nothing;
    const warnings: FieldWarning[] = [];
    for (const [index, state] of way.entries()) {
      const isLast = index === way.length - 1;
      const own = isLast ? moving(state) : [setField(fieldNames.state, state)];
      const rev = last.item?.rev;
      const before: readonly PatchStep[] =
        rev === undefined ? [...test, ...steps] : [{ op: "test", path: "/rev", value: rev }];
      try {
        last = written(await once([...before, ...own]));
        warnings.push(...last.warnings);
      } catch (error) {
        throw last.item === null ? error : errors.afterOtherWrites(write, error);
      }
    }
    return { ...last, warnings };
  }
}
