import type { Form, JsonObject, Provider } from "@backref/core/provider";
import { signInForm } from "../../../src/index.ts";
import type { GiteaAuth, GiteaOptions } from "./client.ts";

const name = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}";
const fullKey = new RegExp(`^(?:(${name}/${name}))?#([1-9][0-9]{0,8})$`);
const path = new RegExp(`^(${name}/${name})/(?:issues|pulls)/([1-9][0-9]{0,8})/?$`);

/** Reads `#12`, `owner/name#12` and pages of issues and pull requests. Names are one whatever their case. */
export const parseIssue: Provider["parseIssue"] = (text, { baseUrl }) => {
  const trimmed = text.trim();
  const isUrl = /^https?:\/\//i.test(trimmed) && URL.canParse(trimmed);
  const page = isUrl ? new URL(trimmed) : null;
  const base = new URL(`${baseUrl}/`);
  const isOurs = page?.host === base.host && page.pathname.startsWith(base.pathname);
  const matched =
    page === null ? fullKey.exec(trimmed) : isOurs ? path.exec(page.pathname.slice(base.pathname.length)) : null;
  const [, container = null, item] = matched ?? [];
  return item === undefined ? null : { container, item };
};

export const formatIssue: Provider["formatIssue"] = ({ container, item }, { baseUrl }) => {
  const displayKey = `${container}#${item}`;
  return { canonicalKey: displayKey.toLowerCase(), displayKey, url: `${baseUrl}/${container}/issues/${item}` };
};

export const createUrl: NonNullable<Provider["createUrl"]> = ({ container, title, description }, { baseUrl }) => {
  const url = new URL(`${baseUrl}/${container}/issues/new`);
  if (title !== undefined) url.searchParams.set("title", title);
  if (description !== undefined) url.searchParams.set("body", description);
  return url.href;
};

function form<Value>(schema: JsonObject, read: (input: unknown) => Value | null, message: string): Form<Value> {
  return {
    schema,
    parse(input) {
      const value = read(input);
      return value === null ? { ok: false, issues: [{ path: [], message }] } : { ok: true, value };
    },
  };
}

const tokenSchema = {
  type: "object",
  properties: {
    type: { enum: ["token", "app"] },
    token: { type: "string", title: "Access token", writeOnly: true },
    installation: { type: "string", title: "Installation" },
  },
  required: ["type", "token"],
};

export const authForm: Form<GiteaAuth> = form(
  { oneOf: [tokenSchema, signInForm.schema] },
  (input) => {
    const signedIn = signInForm.parse(input);
    if (signedIn.ok) return signedIn.value;
    const { type, token, installation } = (input ?? {}) as { type?: unknown; token?: unknown; installation?: unknown };
    if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) return null;
    if (type === "token") return { type, token };
    return type === "app" && typeof installation === "string" ? { type, token, installation } : null;
  },
  "Give an access token.",
);

export const containerForm: Form<string> = form(
  { type: "string", title: "Repository" },
  (input) => (typeof input === "string" && new RegExp(`^${name}/${name}$`).test(input) ? input : null),
  "Give a repository as owner/name.",
);

export const optionsForm: Form<GiteaOptions> = form(
  { type: "object", properties: { hasPriorities: { type: "boolean" } }, additionalProperties: false },
  (input) => {
    if (typeof input !== "object" || input === null || Array.isArray(input)) return null;
    const { hasPriorities = false, ...others } = input as { hasPriorities?: unknown };
    return typeof hasPriorities === "boolean" && Object.keys(others).length === 0 ? { hasPriorities } : null;
  },
  "The only option is hasPriorities.",
);

/** People copy the address of a page, or that of the API. */
export function normaliseBaseUrl(baseUrl: string): string {
  return baseUrl.replace(/\/(?:api\/(?:v1|swagger)|explore\/repos)$/, "");
}

/** The repository's place in the API. */
export function repositoryPath(container: string): string {
  return `/repos/${container.split("/").map(encodeURIComponent).join("/")}`;
}

export function issuePath({ container, item }: { readonly container: string; readonly item: string }): string {
  return `${repositoryPath(container)}/issues/${encodeURIComponent(item)}`;
}
