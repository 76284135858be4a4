import { type IssueFormField, type JsonObject, type Provider, ProviderError } from "../../src/provider/index.ts";
import { provider as github } from "./github-world.ts";

const team: IssueFormField = {
  id: "team",
  name: "Team",
  required: true,
  type: "option",
  allowedValues: [
    { id: "10", name: "Payments" },
    { id: "11", name: "Search" },
  ],
  defaultValue: null,
};

/** What a tracker wants to know of new issues, and what happened there. Everything can be changed at any time. */
export interface Demands {
  fields: IssueFormField[];
  /** Says nothing of what it wants, and refuses all the same. */
  isSecretive: boolean;
  /** What every request fails with; null while all is well. */
  trouble: ProviderError | null;
  formRequests: number;
  /** `fields` of every create, as it came. */
  readonly created: JsonObject[];
}

export function createDemands(...fields: readonly IssueFormField[]): Demands {
  const known = fields.length === 0 ? [team] : [...fields];
  return { fields: known, isSecretive: false, trouble: null, formRequests: 0, created: [] };
}

export function field(change: Partial<IssueFormField> & { readonly id: string }): IssueFormField {
  return { name: change.id, required: false, type: "text", allowedValues: null, defaultValue: null, ...change };
}

function refuse(id: string): ProviderError {
  return new ProviderError({
    failure: "permanent",
    providerId: "github",
    operation: "issue.create",
    status: 400,
    field: id,
    message: "Field is required.",
  });
}

/** GitHub, were it a tracker with fields of its own that it insists on. */
export function withDemands(demands: Demands): typeof github {
  const { create } = github;
  if (create === undefined) throw new TypeError("It creates.");
  const demanding: Provider<"github", never, never> = {
    ...(github as unknown as Provider<"github", never, never>),
    capabilities: { ...github.capabilities, requiredFields: true },
    form: {
      async fields() {
        demands.formRequests += 1;
        if (demands.trouble !== null) throw demands.trouble;
        return demands.isSecretive ? [] : demands.fields;
      },
    },
    create: {
      ...(create as unknown as NonNullable<Provider<"github", never, never>["create"]>),
      async create(call, request) {
        demands.created.push(request.fields);
        const missing = demands.fields.find(({ id, required }) => required && request.fields[id] === undefined);
        if (missing !== undefined) throw refuse(missing.id);
        return create.create(call, { ...request, fields: {} });
      },
    },
  };
  return demanding as unknown as typeof github;
}
