import { Ajv } from "ajv";
import type { SavedHistory } from "../fake/versioned-table.ts";
import type { RateLimitsState } from "./rate-limits.ts";
import { stateSchema } from "./state-schema.ts";
import type { WorldState } from "./world-state.ts";

export const stateFormat = "backref-fake-github";
export const stateVersion = 2;

/** What a fake GitHub saves of itself: plain JSON. What is in it belongs to the version that wrote it. */
export interface FakeGitHubState {
  readonly format: typeof stateFormat;
  readonly version: typeof stateVersion;
  /** The fake's own token. */
  readonly token: string;
  /** How many requests were answered. */
  readonly answered: number;
  readonly world: WorldState;
  readonly rateLimits: RateLimitsState;
}

/** A state that no fake can be made of. */
export class FakeGitHubStateError extends Error {
  override readonly name: string = "FakeGitHubStateError";
  /** `version`: another version wrote it. `malformed`: it is none, or was damaged. */
  readonly code: "version" | "malformed";

  constructor(code: "version" | "malformed", message: string) {
    super(message);
    this.code = code;
  }
}

/** @throws FakeGitHubStateError that says what is wrong with it, and where */
export function parseState(value: unknown): FakeGitHubState {
  const { format, version } = (typeof value === "object" && value !== null ? value : {}) as Partial<FakeGitHubState>;
  if (format !== stateFormat) throw malformed("it was not saved by a fake GitHub");
  if (version !== stateVersion) {
    throw new FakeGitHubStateError(
      "version",
      `This state of a fake GitHub has version ${JSON.stringify(version)}; this one reads version ${stateVersion}.`,
    );
  }
  const validate = new Ajv({ allowUnionTypes: true }).compile<FakeGitHubState>(stateSchema);
  if (!validate(value)) {
    const [first] = validate.errors ?? [];
    throw malformed(`${first?.instancePath.slice(1) || "it"} ${first?.message}`);
  }
  const dangling = danglingReference(value);
  if (dangling !== null) throw malformed(dangling);
  return value;
}

function malformed(why: string): FakeGitHubStateError {
  return new FakeGitHubStateError("malformed", `This is no state of a fake GitHub: ${why}.`);
}

/** The first thing that is named but not there, in words; null where all is there. */
function danglingReference({ token, world }: FakeGitHubState): string | null {
  const users = idsOf(world.users);
  const repositories = idsOf(world.repositories);
  const [issues, labels, comments] = [world.issues, world.labels, world.comments].map(idsOf) as [Ids, Ids, Ids];
  const [issueValues, commentValues] = [valuesOf(world.issues), valuesOf(world.comments)];
  const named: readonly (readonly [what: string, there: Ids, ids: readonly number[]])[] = [
    ["account", users, issueValues.flatMap(({ user, closedBy, assignees }) => [user, closedBy ?? user, ...assignees])],
    ["account", users, [...commentValues, ...world.tokens].map(({ user }) => user)],
    ["account", users, world.apps.apps.flatMap(({ owner, bot }) => [owner, bot])],
    ["account", users, world.apps.installations.map(({ account }) => account)],
    ["repository", repositories, world.names.map(([, id]) => id)],
    ["repository", repositories, world.numbers.map(({ repositoryId }) => repositoryId)],
    ["repository", repositories, world.hooks.map(({ repositoryId }) => repositoryId)],
    ["repository", repositories, valuesOf(world.labels).map(({ repositoryId }) => repositoryId)],
    ["issue", issues, world.numbers.flatMap(({ slots }) => slots.map(({ id }) => id))],
    ["issue", issues, commentValues.map(({ issueId }) => issueId)],
    ["label", labels, issueValues.flatMap((issue) => issue.labels)],
    ["repository", repositories, world.catalog.milestones.map(({ repositoryId }) => repositoryId)],
  ];
  for (const [what, there, ids] of named) {
    const missing = ids.find((id) => !there.has(id));
    if (missing !== undefined) return `${what} ${missing} is missing`;
  }
  if (!world.tokens.some(({ value }) => value === token)) return "its own token is missing";
  const given = { user: users, repository: repositories, issue: issues, label: labels, comment: comments };
  for (const [kind, ids] of Object.entries(given)) {
    if (Math.max(0, ...ids) > world.lastIds[kind as keyof typeof given]) return `an id of a ${kind} would come twice`;
  }
  return null;
}

type Ids = ReadonlySet<number>;

function idsOf(records: readonly { readonly id: number }[]): Ids {
  return new Set(records.map(({ id }) => id));
}

function valuesOf<T>(histories: readonly SavedHistory<T>[]): T[] {
  return histories.flatMap(({ versions }) => versions.flatMap(({ value }) => value ?? []));
}
