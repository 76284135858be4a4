import { VersionedTable } from "../fake/versioned-table.ts";
import type {
  AttachmentRecord,
  CommentRecord,
  Deployment,
  FieldRecord,
  ProjectRecord,
  SubscriptionRecord,
  TokenRecord,
  TypeRecord,
  UserRecord,
  WorkItemRecord,
} from "./model.ts";

/** Ids start apart from each other, so that one taken for the other is noticed. */
const firstIds = { item: 40_000, comment: 700_000, relation: 90_000, notification: 0 };

/** The whole state of the fake: one organisation, or one collection of a server. */
export class World {
  readonly deployment: Deployment;
  readonly now: () => number;
  readonly guid: () => string;
  readonly items: VersionedTable<WorkItemRecord> = new VersionedTable();
  /** Every revision of every item that was not destroyed, by ascending watermark. */
  revisions: WorkItemRecord[] = [];
  readonly comments: VersionedTable<CommentRecord> = new VersionedTable();
  readonly attachments: Map<string, AttachmentRecord> = new Map();
  readonly subscriptions: Map<string, SubscriptionRecord> = new Map();
  readonly tokens: Map<string, TokenRecord> = new Map();
  readonly #users = new Map<string, UserRecord>();
  readonly #projects = new Map<string, ProjectRecord>();
  /** By reference name and by name, in lower case. */
  readonly #fields = new Map<string, FieldRecord>();
  /** Spelling of each tag at its first use, by project and lower case. */
  readonly #tags = new Map<string, string>();
  readonly #lastIds = { ...firstIds };
  readonly #commentsOf = new Map<number, number[]>();
  #lastWatermark = 600;
  #lastStamp = 0;

  constructor(deployment: Deployment, now: () => number, guid: () => string) {
    this.deployment = deployment;
    this.now = now;
    this.guid = guid;
  }

  nextId(kind: keyof typeof firstIds): number {
    this.#lastIds[kind] += 1;
    return this.#lastIds[kind];
  }

  /** The time of a change: no two changes have the same. */
  stamp(): number {
    this.#lastStamp = Math.max(this.now(), this.#lastStamp + 1);
    return this.#lastStamp;
  }

  users(): UserRecord[] {
    return [...this.#users.values()];
  }

  /** By name, id, unique name, display name or `Display <unique name>`. */
  findUser(text: string): UserRecord | undefined {
    const wanted = (/<([^>]+)>\s*$/.exec(text)?.[1] ?? text).toLowerCase();
    const names = (user: UserRecord) => [user.uniqueName, user.name, user.id, user.displayName, user.descriptor];
    return this.users().find((user) => names(user).some((name) => name.toLowerCase() === wanted));
  }

  /** The account of that name, made on first use. */
  ensureUser(name: string, displayName: string = name, uniqueName: string = `${name}@example.com`): UserRecord {
    const known = this.#users.get(name);
    if (known !== undefined) return known;
    const id = this.guid();
    const user = { id, name, displayName, uniqueName, descriptor: `aad.${btoa(id).replaceAll("=", "")}` };
    this.#users.set(name, user);
    return user;
  }

  projects(): ProjectRecord[] {
    return [...this.#projects.values()];
  }

  /** By name in any case, or by id. */
  findProject(text: string): ProjectRecord | undefined {
    return this.projects().find(({ id, name }) => id === text || name.toLowerCase() === text.toLowerCase());
  }

  projectOf({ projectId }: Pick<WorkItemRecord, "projectId">): ProjectRecord {
    const project = this.#projects.get(projectId);
    if (project === undefined) throw new RangeError(`There is no project ${projectId}`);
    return project;
  }

  setProject(project: ProjectRecord): void {
    this.#projects.set(project.id, project);
    for (const field of project.types.flatMap(({ fields }) => fields)) {
      if (this.#fields.has(field.referenceName.toLowerCase())) continue;
      for (const name of [field.referenceName, field.name]) this.#fields.set(name.toLowerCase(), field);
    }
  }

  typeOf(item: Pick<WorkItemRecord, "projectId" | "type">): TypeRecord {
    const found = this.projectOf(item).types.find(({ name }) => name === item.type);
    if (found === undefined) throw new RangeError(`There is no type ${item.type}`);
    return found;
  }

  /** Fields of all types of all projects, each once. */
  fields(): FieldRecord[] {
    return [...new Set(this.#fields.values())];
  }

  /** By reference name or name, in any case. */
  findField(text: string): FieldRecord | undefined {
    return this.#fields.get(text.toLowerCase());
  }

  /** The project's spelling of a tag, and whether it is new there. */
  spellTag(projectId: string, tag: string): { readonly spelling: string; readonly isNew: boolean } {
    const known = this.#tags.get(`${projectId} ${tag.toLowerCase()}`);
    return { spelling: known ?? tag, isNew: known === undefined };
  }

  keepTags(projectId: string, tags: readonly string[]): void {
    for (const tag of tags)
      if (this.spellTag(projectId, tag).isNew) this.#tags.set(`${projectId} ${tag.toLowerCase()}`, tag);
  }

  /** Keeps a revision, with the next watermark. */
  setItem(item: Omit<WorkItemRecord, "watermark">): WorkItemRecord {
    this.#lastWatermark += 1;
    const kept = { ...item, watermark: this.#lastWatermark };
    this.items.set(kept, this.now());
    this.revisions.push(kept);
    return kept;
  }

  /** Takes an item away for good. */
  destroyItem(id: number): void {
    this.items.remove(id, this.now());
    this.revisions = this.revisions.filter((revision) => revision.id !== id);
  }

  setComment(comment: CommentRecord): void {
    const known = this.#commentsOf.get(comment.itemId) ?? [];
    if (!known.includes(comment.id)) this.#commentsOf.set(comment.itemId, [...known, comment.id]);
    this.comments.set(comment, this.now());
  }

  /** With those that were deleted. */
  commentsOf(itemId: number, asOf?: number): CommentRecord[] {
    return (this.#commentsOf.get(itemId) ?? []).flatMap((id) => this.comments.get(id, asOf) ?? []);
  }
}
