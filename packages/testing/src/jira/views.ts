import type { JsonObject } from "../fake/json.ts";
import type {
  AttachmentRecord,
  CommentRecord,
  FieldRecord,
  IssueRecord,
  NamedRecord,
  OptionRecord,
  ProjectRecord,
  StatusRecord,
  TransitionRecord,
  UserRecord,
} from "./model.ts";
import { resolutions } from "./scheme.ts";
import { toJiraTime } from "./time.ts";
import type { World } from "./world.ts";

/** What answers are made for: the state, and where links lead. */
export interface View {
  readonly world: World;
  readonly selfUrl: string;
}

const colours = { new: "blue-gray", indeterminate: "yellow", done: "green" } as const;
const categories = {
  new: { id: 2, key: "new", name: "To Do" },
  indeterminate: { id: 4, key: "indeterminate", name: "In Progress" },
  done: { id: 3, key: "done", name: "Done" },
} as const;

/** A person: Cloud tells an account id, Data Center a name and a key. */
export function presentUser({ world, selfUrl }: View, user: UserRecord): JsonObject {
  const shared = { active: true, displayName: user.displayName, timeZone: user.timeZone };
  const email = user.email === null ? {} : { emailAddress: user.email };
  if (world.deployment === "data-center") {
    const self = `${selfUrl}/user?username=${encodeURIComponent(user.name)}`;
    return { self, name: user.name, key: `JIRAUSER-${user.name}`, ...email, ...shared };
  }
  const self = `${selfUrl}/user?accountId=${user.accountId}`;
  return { self, accountId: user.accountId, accountType: "atlassian", ...email, ...shared };
}

export function presentStatus({ selfUrl }: View, { id, name, category }: StatusRecord): JsonObject {
  const { id: categoryId, key, name: categoryName } = categories[category];
  const self = `${selfUrl}/statuscategory/${categoryId}`;
  const statusCategory = { self, id: categoryId, key, colorName: colours[category], name: categoryName };
  return { self: `${selfUrl}/status/${id}`, description: "", iconUrl: "", id, name, statusCategory };
}

export function presentProject({ selfUrl }: View, { id, key, name }: ProjectRecord): JsonObject {
  return {
    self: `${selfUrl}/project/${id}`,
    id,
    key,
    name,
    projectTypeKey: "software",
    simplified: false,
    style: "classic",
  };
}

function presentNamed({ selfUrl }: View, resource: string, named: NamedRecord | undefined): JsonObject | null {
  return named === undefined ? null : { self: `${selfUrl}/${resource}/${named.id}`, id: named.id, name: named.name };
}

/** An issue with the fields that were asked for; `*all` and `*navigable` stand for all there are. */
export function presentIssue(
  view: View,
  issue: IssueRecord,
  fields: readonly string[],
  properties: readonly string[] = [],
): JsonObject {
  const all = issueFields(view, issue);
  const isAll = fields.length === 0 || fields.includes("*all") || fields.includes("*navigable");
  const kept = Object.entries(all).filter(([name]) =>
    isAll ? name !== "comment" || fields.includes("*all") : fields.includes(name),
  );
  const told = properties.flatMap((name) => (name in issue.properties ? [[name, issue.properties[name]]] : []));
  return {
    expand: "",
    id: String(issue.id),
    key: issue.key,
    self: `${view.selfUrl}/issue/${issue.id}`,
    fields: Object.fromEntries(kept),
    ...(properties.length > 0 && { properties: Object.fromEntries(told) }),
  };
}

function issueFields(view: View, issue: IssueRecord): JsonObject {
  const { world } = view;
  const project = world.projectOf(issue);
  const type = project.issueTypes.find(({ id }) => id === issue.issueTypeId);
  const priority = project.fields.find(({ id }) => id === "priority");
  const comments = world.commentsOf(issue.id);
  return {
    project: presentProject(view, project),
    issuetype: type === undefined ? null : { ...presentNamed(view, "issuetype", type), subtask: type.subtask },
    summary: issue.summary,
    description: issue.description,
    status: presentStatus(view, world.status(issue.statusId)),
    resolution: presentNamed(
      view,
      "resolution",
      resolutions.find(({ id }) => id === issue.resolutionId),
    ),
    labels: issue.labels,
    assignee: issue.assignee === null ? null : presentUser(view, issue.assignee),
    creator: presentUser(view, issue.creator),
    reporter: presentUser(view, issue.reporter),
    attachment: world.attachmentsOf(issue.id).map((file) => presentAttachment(view, file)),
    components: project.components.filter(({ id }) => issue.componentIds.includes(id)),
    created: toJiraTime(issue.createdAt),
    updated: toJiraTime(issue.updatedAt),
    // A team-managed project may have no priorities at all.
    ...(priority !== undefined && {
      priority: presentNamed(
        view,
        "priority",
        priority.options.find(({ id }) => id === issue.priorityId),
      ),
    }),
    // What stands within an issue is cut off; `total` tells how many there are.
    comment: {
      comments: comments.slice(-20).map((comment) => presentComment(view, comment)),
      maxResults: Math.min(20, comments.length),
      total: comments.length,
      startAt: Math.max(0, comments.length - 20),
    },
    ...Object.fromEntries(Object.entries(issue.custom)),
  };
}

export function presentAttachment(view: View, attachment: AttachmentRecord): JsonObject {
  const { id, fileName, contentType, content, author, createdAt } = attachment;
  const siteUrl = view.selfUrl.slice(0, view.selfUrl.indexOf("/rest/"));
  return {
    self: `${view.selfUrl}/attachment/${id}`,
    id: String(id),
    filename: fileName,
    author: presentUser(view, author),
    created: toJiraTime(createdAt),
    size: content.byteLength,
    mimeType: contentType,
    content:
      view.world.deployment === "cloud"
        ? `${view.selfUrl}/attachment/content/${id}`
        : `${siteUrl}/secure/attachment/${id}/${encodeURIComponent(fileName)}`,
  };
}

export function presentComment(view: View, comment: CommentRecord, withProperties = false): JsonObject {
  const author = presentUser(view, comment.author);
  const properties = Object.entries(comment.properties).map(([key, value]) => ({ key, value }));
  return {
    self: `${view.selfUrl}/issue/${comment.issueId}/comment/${comment.id}`,
    id: String(comment.id),
    author,
    updateAuthor: author,
    body: comment.body,
    created: toJiraTime(comment.createdAt),
    updated: toJiraTime(comment.updatedAt),
    jsdPublic: comment.isPublic,
    ...(comment.visibility !== null && {
      visibility: { ...comment.visibility, identifier: comment.visibility.value },
    }),
    ...(withProperties && { properties }),
  };
}

const schemas: Readonly<
  Record<FieldRecord["kind"], { readonly type: string; readonly items?: string; readonly custom?: string }>
> = {
  text: { type: "string", custom: "com.atlassian.jira.plugin.system.customfieldtypes:textfield" },
  textarea: { type: "string", custom: "com.atlassian.jira.plugin.system.customfieldtypes:textarea" },
  number: { type: "number", custom: "com.atlassian.jira.plugin.system.customfieldtypes:float" },
  date: { type: "date", custom: "com.atlassian.jira.plugin.system.customfieldtypes:datepicker" },
  option: { type: "option", custom: "com.atlassian.jira.plugin.system.customfieldtypes:select" },
  options: { type: "array", items: "option", custom: "com.atlassian.jira.plugin.system.customfieldtypes:multiselect" },
  user: { type: "user" },
  users: { type: "array", items: "user" },
  labels: { type: "array", items: "string" },
  components: { type: "array", items: "component" },
  priority: { type: "priority" },
  datetime: { type: "datetime", custom: "com.atlassian.jira.plugin.system.customfieldtypes:datetime" },
  url: { type: "string", custom: "com.atlassian.jira.plugin.system.customfieldtypes:url" },
  cascade: {
    type: "option-with-child",
    custom: "com.atlassian.jira.plugin.system.customfieldtypes:cascadingselect",
  },
  attachment: { type: "array", items: "attachment" },
  sprint: { type: "array", items: "json", custom: "com.pyxis.greenhopper.jira:gh-sprint" },
};

/** A field of a screen. Create metadata names its id as well. */
export function presentField(view: View, project: ProjectRecord, field: FieldRecord): JsonObject {
  const { id, name, kind, required, defaultValue } = field;
  const { custom, ...schema } = schemas[kind];
  const isCustom = id.startsWith("customfield_");
  const options = kind === "components" ? project.components : field.options;
  const isChoice = ["option", "options", "cascade", "priority", "components"].includes(kind);
  const present = ({ id: optionId, name: text, children = [] }: OptionRecord): JsonObject => {
    const self = `${view.selfUrl}/customFieldOption/${optionId}`;
    const isOwn = kind === "priority" || kind === "components";
    const named = isOwn ? { self, id: optionId, name: text } : { self, id: optionId, value: text };
    return children.length === 0 ? named : { ...named, children: children.map(present) };
  };
  const allowed = options.map(present);
  return {
    key: id,
    name,
    required,
    hasDefaultValue: defaultValue !== null,
    // What a person gets by default is nowhere said.
    ...(defaultValue !== null && kind !== "user" && { defaultValue }),
    operations: schema.type === "array" ? ["add", "set", "remove"] : ["set"],
    schema: isCustom
      ? { ...schema, ...(custom !== undefined && { custom }), customId: Number(id.slice("customfield_".length)) }
      : { ...schema, system: id },
    ...(isChoice && { allowedValues: allowed }),
  };
}

export function presentTransition(
  view: View,
  project: ProjectRecord,
  transition: TransitionRecord,
  withFields: boolean,
): JsonObject {
  const { id, name, from, to, fields } = transition;
  const shown = fields.flatMap((screen) => {
    const field = project.fields.find((candidate) => candidate.id === screen.id) ?? resolutionField(screen.id);
    return field === null ? [] : [[screen.id, presentField(view, project, { ...field, required: screen.required })]];
  });
  return {
    id,
    name,
    to: presentStatus(view, view.world.status(to)),
    hasScreen: fields.length > 0,
    isGlobal: from === null,
    isInitial: false,
    isConditional: false,
    isAvailable: true,
    ...(withFields && { fields: Object.fromEntries(shown) }),
  };
}

function resolutionField(id: string): FieldRecord | null {
  if (id !== "resolution") return null;
  return { id, name: "Resolution", kind: "priority", required: true, options: resolutions, defaultValue: null };
}
