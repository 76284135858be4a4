type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: "string" };
const textOrNull: Schema = { type: ["string", "null"] };
const truth: Schema = { type: "boolean" };
const whole: Schema = { type: "integer", minimum: 0 };
const wholeOrNull: Schema = { type: ["integer", "null"], minimum: 0 };
const role: Schema = { enum: ["none", "read", "triage", "write", "admin"] };
const roles: Schema = { type: "object", additionalProperties: role };

function list(items: Schema): Schema {
  return { type: "array", items };
}

/** An object with exactly these members. */
function record(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: "object", properties, required, additionalProperties: false };
}

function history(properties: Readonly<Record<string, Schema>>): Schema {
  const value = { ...record(properties), type: ["object", "null"] };
  return record({ id: whole, versions: { ...list(record({ at: { type: "number" }, value })), minItems: 1 } });
}

const fate: Schema = {
  oneOf: [
    record({ kind: { enum: ["here", "deleted"] } }),
    record({ kind: { const: "moved" }, repositoryId: whole, number: whole }),
  ],
};

const granted: Schema = record(
  { issues: { enum: ["read", "write"] }, metadata: { const: "read" }, repository_hooks: { enum: ["read", "write"] } },
  ["issues", "metadata", "repository_hooks"],
);
const permissions: Schema = { ...granted, type: ["object", "null"] };

const world: Schema = record({
  users: list(record({ id: whole, nodeId: text, login: text, name: textOrNull, createdAt: whole })),
  repositories: list(
    record({
      id: whole,
      nodeId: text,
      owner: text,
      name: text,
      private: truth,
      archived: truth,
      hasIssues: truth,
      createdAt: whole,
      collaborators: roles,
    }),
  ),
  names: list({ type: "array", items: [text, whole], minItems: 2, additionalItems: false }),
  numbers: list(record({ repositoryId: whole, slots: list(record({ id: whole, fate })) })),
  issues: list(
    history({
      id: whole,
      nodeId: text,
      repositoryId: whole,
      number: { type: "integer", minimum: 1 },
      title: text,
      body: textOrNull,
      state: { enum: ["open", "closed"] },
      stateReason: { enum: ["completed", "not_planned", "duplicate", "reopened", null] },
      labels: list(whole),
      assignees: list(whole),
      type: wholeOrNull,
      milestone: wholeOrNull,
      fieldValues: list(record({ fieldId: whole, value: { type: ["string", "number"] } })),
      user: whole,
      closedBy: wholeOrNull,
      comments: whole,
      createdAt: whole,
      updatedAt: whole,
      closedAt: wholeOrNull,
      locked: truth,
      pullRequest: truth,
    }),
  ),
  labels: list(
    history({ id: whole, nodeId: text, repositoryId: whole, name: text, color: text, description: textOrNull }),
  ),
  comments: list(
    history({
      id: whole,
      nodeId: text,
      repositoryId: whole,
      issueId: whole,
      user: whole,
      body: text,
      createdAt: whole,
      updatedAt: whole,
    }),
  ),
  hooks: list(
    record({
      id: whole,
      repositoryId: whole,
      url: text,
      secret: textOrNull,
      contentType: text,
      insecureSsl: text,
      events: list(text),
      active: truth,
      createdAt: whole,
    }),
  ),
  tokens: list(
    record(
      {
        value: text,
        user: whole,
        scopes: list(text),
        permissions,
        repositories: roles,
        defaultAccess: role,
        revoked: truth,
        installationId: whole,
        expiresAt: whole,
      },
      ["installationId", "expiresAt"],
    ),
  ),
  catalog: record({
    organizations: list(text),
    types: list(record({ id: whole, nodeId: text, owner: text, name: text })),
    fields: list(
      record({
        id: whole,
        nodeId: text,
        owner: text,
        name: text,
        dataType: { enum: ["text", "number", "date", "single_select"] },
        options: list(text),
      }),
    ),
    milestones: list(
      record({
        id: whole,
        nodeId: text,
        repositoryId: whole,
        number: whole,
        title: text,
        state: { enum: ["open", "closed"] },
        createdAt: whole,
      }),
    ),
    lastId: whole,
  }),
  apps: record({
    apps: list(
      record({
        id: whole,
        nodeId: text,
        clientId: text,
        slug: text,
        name: text,
        owner: whole,
        bot: whole,
        publicKeys: list(text),
        permissions: granted,
        events: list(text),
        hook: { ...record({ id: whole, url: text, secret: textOrNull }), type: ["object", "null"] },
        createdAt: whole,
      }),
    ),
    installations: list(
      record({
        id: whole,
        nodeId: text,
        appId: whole,
        account: whole,
        repositories: { ...list(whole), type: ["array", "null"] },
        permissions: granted,
        suspendedAt: wholeOrNull,
        createdAt: whole,
      }),
    ),
    lastId: whole,
  }),
  lastIds: record({ user: whole, repository: whole, label: whole, issue: whole, comment: whole, hook: whole }),
});

const rateLimits: Schema = record({
  windows: list(record({ key: text, used: wholeOrNull, resetAt: { type: "number" } })),
  content: list(record({ key: text, times: list({ type: "number" }) })),
  points: list(record({ key: text, spent: list(record({ at: { type: "number" }, cost: whole })) })),
});

/** What a saved state must look like, as JSON Schema; that what it names is there is checked beside it. */
export const stateSchema: Schema = record({
  format: text,
  version: whole,
  token: text,
  answered: whole,
  world,
  rateLimits,
});
