import type { Form, JsonObject, Provider } from "@backref/core/provider";

function form<Value>(schema: JsonObject, read: (input: unknown) => Value | null, hint: string): Form<Value> {
  return {
    schema,
    parse(input) {
      const value = read(input);
      return value === null ? { ok: false, issues: [{ path: [], message: hint }] } : { ok: true, value };
    },
  };
}

type Nothing = Readonly<Record<string, never>>;
const isObject = (input: unknown) => typeof input === "object" && input !== null && !Array.isArray(input);
const readNothing = (input: unknown): Nothing | null =>
  isObject(input) && Object.keys(input as object).length === 0 ? {} : null;
const nothing = form<Nothing>({ type: "object", additionalProperties: false }, readNothing, "Nothing to fill in.");

const project = /^[A-Z][A-Z0-9]{1,19}$/;
const readProject = (input: unknown): string | null => {
  const key = typeof input === "string" ? input.trim().toUpperCase() : "";
  return project.test(key) ? key : null;
};
const key = /^([a-z][a-z0-9]{1,19})-([1-9][0-9]{0,8})$/i;

/** A tracker that Backref only links to: everything a provider has to have, and nothing else. */
export function createToyProvider(): Provider<"toy", Nothing, Nothing> {
  return {
    id: "toy",
    specVersion: 1,
    capabilities: {},
    describe: () => ({
      name: "Toy tracker",
      defaultBaseUrl: null,
      containerName: "Project",
      auth: nothing,
      container: form({ type: "string", title: "Project key" }, readProject, "Give a key such as WEB."),
      options: nothing,
    }),
    parseIssue(text, { baseUrl }) {
      const trimmed = text.trim();
      const isUrl = /^https?:/i.test(trimmed) && URL.canParse(trimmed);
      const { origin, pathname } = new URL(isUrl ? trimmed : baseUrl);
      const base = new URL(`${baseUrl}/browse/`);
      if (isUrl && (origin !== base.origin || !pathname.startsWith(base.pathname))) return null;
      const plain = isUrl ? pathname.slice(base.pathname.length).replace(/\/$/, "") : trimmed;
      const [, container, item] = key.exec(plain) ?? [];
      return container === undefined || item === undefined ? null : { container: container.toUpperCase(), item };
    },
    formatIssue({ container, item }, { baseUrl }) {
      const displayKey = `${container}-${item}`;
      return { canonicalKey: displayKey, displayKey, url: `${baseUrl}/browse/${displayKey}` };
    },
  };
}
