import type { FieldValue, SyncField } from "../domain/fields.ts";
import { emptyIdentityBook, type IdentityBook } from "../domain/identity-book.ts";
import type { IssueSnapshot } from "../domain/issue-snapshot.ts";
import type { SyncMapping } from "../domain/mapping.ts";
import type { StateTarget } from "../provider/groups/create.ts";
import type { ResolvedCapabilities } from "../provider/resolved-capabilities.ts";
import type { BasePair } from "../storage/rows/link-rows.ts";
import { assigneeCodec } from "./assignee-codec.ts";
import { canonicalText, canonicalTitle } from "./canonical-text.ts";
import { userPartOf } from "./managed-block.ts";
import { neutraliseText, restoreText, type TextRules } from "./neutral-text.ts";
import { sameWords } from "./same-words.ts";
import { asList, sameLists } from "./value-lists.ts";

export { asList };

/** How one field is read, compared and translated. Pure; `undefined` means "no counterpart". */
export interface FieldCodec {
  readonly field: SyncField;
  /** The field's value in the remote space, taken from a snapshot. */
  readRemote(issue: IssueSnapshot): FieldValue;
  toRemote(local: FieldValue): FieldValue | undefined;
  fromRemote(remote: FieldValue): FieldValue | undefined;
  sameLocal(a: FieldValue, b: FieldValue): boolean;
  sameRemote(a: FieldValue, b: FieldValue): boolean;
  /** True where what a tracker shows is what was sent, in a form of its own. @default sameRemote */
  answers?(sent: FieldValue, shown: FieldValue): boolean;
  /**
   * Where the remote side can hold several values at once: the one that counts, given what both sides last agreed on.
   * Undefined where nobody can tell.
   */
  choose?(remote: FieldValue, base: BasePair | undefined): FieldValue | undefined;
  /** A write may take several requests: one that was broken off can leave a value in between, which nobody chose. */
  readonly inSteps?: boolean;
  /** Where the local value is one member of a set at the tracker, whose others are left alone. */
  readonly member?: MemberRules;
}

/** How one member of a remote set is told from the others. */
export interface MemberRules {
  /** The tracker holds one at most: whoever is put there takes the place of whoever was. */
  readonly isSingle: boolean;
  /** True where the local value is among the remote ones; of none: where there is nobody. */
  stands(local: FieldValue, remote: FieldValue): boolean;
  /** Who counts, as a local value. Undefined where someone came who stands for nobody here. */
  counted(sides: {
    readonly local: FieldValue;
    readonly remote: FieldValue;
    readonly base: BasePair | undefined;
  }): string | null | undefined;
  /** The set with one member in place of the one that counted; undefined where the new one has no counterpart. */
  replace(remote: FieldValue, counted: FieldValue, local: FieldValue): readonly string[] | undefined;
}

/** True where what the tracker shows is what was sent. */
export function isAnswer(codec: FieldCodec, sent: FieldValue, shown: FieldValue): boolean {
  return codec.answers?.(sent, shown) ?? codec.sameRemote(sent, shown);
}

/** True where two values stand for each other. */
export function standsFor(codec: FieldCodec, { local, remote }: Pick<BasePair, "local" | "remote">): boolean {
  if (codec.member !== undefined) return codec.member.stands(local, remote);
  const expected = codec.toRemote(local);
  return expected !== undefined && isAnswer(codec, expected, remote);
}

const asText = (value: FieldValue) => (typeof value === "string" ? value : "");

function titleCodec(): FieldCodec {
  const same = (a: FieldValue, b: FieldValue) => canonicalTitle(asText(a)) === canonicalTitle(asText(b));
  return {
    field: "title",
    readRemote: (issue) => canonicalTitle(issue.title),
    toRemote: (local) => canonicalTitle(asText(local)),
    fromRemote: (remote) => remote,
    sameLocal: same,
    sameRemote: same,
  };
}

function descriptionCodec(token: string, rules: TextRules & Pick<ResolvedCapabilities, "rewritesText">): FieldCodec {
  const same = (a: FieldValue, b: FieldValue) => canonicalText(asText(a)) === canonicalText(asText(b));
  const back = (remote: FieldValue) => restoreText(asText(remote), rules);
  return {
    field: "description",
    readRemote: (issue) => canonicalText(userPartOf(issue.body, token)),
    toRemote: (local) => neutraliseText(canonicalText(asText(local)), rules),
    fromRemote: back,
    sameLocal: same,
    // Whether a mention is neutralised is no edit of anybody's.
    sameRemote: (a, b) => same(back(a), back(b)),
    ...(rules.rewritesText && { answers: (sent, shown) => sameWords(back(sent), back(shown)) }),
  };
}

const keyOf = (entry: SyncMapping["status"][number]) => entry.state ?? `category:${entry.category}`;

function statusCodec(mapping: SyncMapping, inSteps: boolean): FieldCodec {
  const same = (a: FieldValue, b: FieldValue) => a === b;
  return {
    field: "status",
    inSteps,
    readRemote({ state }) {
      const names = [state.id.toLowerCase(), state.name.toLowerCase()];
      const byState = mapping.status.find(
        (entry) => entry.state !== undefined && names.includes(entry.state.toLowerCase()),
      );
      const byCategory = mapping.status.find((entry) => entry.state === undefined && entry.category === state.category);
      const entry = byState ?? byCategory;
      return entry === undefined ? `unmapped:${state.id}` : keyOf(entry);
    },
    toRemote(local) {
      const entry = mapping.status.find((candidate) => candidate.local.includes(asText(local)));
      return entry === undefined ? undefined : keyOf(entry);
    },
    fromRemote(remote) {
      const entry = mapping.status.find((candidate) => keyOf(candidate) === remote);
      return entry?.primary ?? entry?.local[0];
    },
    sameLocal: same,
    sameRemote: same,
  };
}

/** What to ask the tracker for, so that the local status is stood for. */
export function stateTargetOf(mapping: SyncMapping, local: string): StateTarget | undefined {
  const entry = mapping.status.find((candidate) => candidate.local.includes(local));
  if (entry === undefined) return undefined;
  const reason = typeof entry.reason === "object" ? entry.reason[local] : entry.reason;
  return {
    category: entry.category,
    ...(entry.state === undefined ? {} : { state: entry.state }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function priorityLabelCodec(mapping: SyncMapping): FieldCodec {
  const owned = new Map(mapping.priority.map((entry) => [entry.remote.toLowerCase(), entry.remote]));
  return {
    field: "priority",
    readRemote: (issue) => [...new Set(issue.labels.flatMap((label) => owned.get(label.toLowerCase()) ?? []))].sort(),
    toRemote(local) {
      if (local === null) return [];
      const entry = mapping.priority.find((candidate) => candidate.local.includes(asText(local)));
      return entry === undefined ? undefined : [entry.remote];
    },
    fromRemote(remote) {
      const names = asList(remote);
      const entry = mapping.priority.find((candidate) => names.length === 1 && candidate.remote === names[0]);
      return entry?.primary ?? entry?.local[0];
    },
    sameLocal: (a, b) => a === b,
    sameRemote: sameLists,
    choose(remote, base) {
      const names = asList(remote);
      if (names.length < 2) return remote;
      if (base === undefined) return undefined;
      const added = names.filter((name) => !asList(base.remote).includes(name));
      if (added.length > 0) return added.length === 1 ? added : undefined;
      // Nothing new: one of them was chosen before, and taking the others away has not succeeded yet.
      const own = asList(this.toRemote(base.local));
      return own.length > 0 && own.every((name) => names.includes(name)) ? own : undefined;
    },
  };
}

function priorityFieldCodec(mapping: SyncMapping): FieldCodec {
  const same = (a: FieldValue, b: FieldValue) => a === b;
  return {
    field: "priority",
    readRemote: (issue) => issue.priority,
    toRemote: (local) =>
      local === null ? null : mapping.priority.find((entry) => entry.local.includes(asText(local)))?.remote,
    fromRemote(remote) {
      const entry = mapping.priority.find((candidate) => candidate.remote === remote);
      return entry?.primary ?? entry?.local[0];
    },
    sameLocal: same,
    sameRemote: same,
  };
}

/** The codecs of one link, in the order fields are merged. */
export function createCodecs(request: {
  readonly mapping: SyncMapping;
  readonly capabilities: ResolvedCapabilities;
  readonly token: string;
  /** Whose assignees travel. @default nobody is known */
  readonly identities?: IdentityBook;
}): readonly FieldCodec[] {
  const { mapping, capabilities, token, identities = emptyIdentityBook } = request;
  return [
    titleCodec(),
    descriptionCodec(token, capabilities),
    statusCodec(mapping, capabilities.stateSteps),
    capabilities.priority === "labels" ? priorityLabelCodec(mapping) : priorityFieldCodec(mapping),
    ...(mapping.fields.assignee.direction === "never"
      ? []
      : [assigneeCodec(identities, capabilities.assignees === "several")]),
  ];
}
