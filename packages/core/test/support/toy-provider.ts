import type {
  Form,
  FormattedIssue,
  IssueLocation,
  IssueSite,
  ParseResult,
  Provider,
} from "../../src/provider/index.ts";

const issues = (message: string): ParseResult<never> => ({ ok: false, issues: [{ path: [], message }] });

const nothing: Form<null> = {
  schema: { type: "null", title: "No credential" },
  parse: (input) => (input === null ? { ok: true, value: null } : issues("the toy tracker takes null")),
};

const noOptions: Form<Record<string, never>> = {
  schema: { type: "object" },
  parse: () => ({ ok: true, value: {} }),
};

const shelf: Form<string> = {
  schema: { type: "string", title: "Shelf" },
  parse: (input) =>
    typeof input === "string" && /^[a-z]+$/i.test(input)
      ? { ok: true, value: input.toLowerCase() }
      : issues("letters only"),
};

function parseIssue(text: string, site: IssueSite<unknown>): IssueLocation | null {
  const key = /^(?:([a-z]+))?#(\d+)$/i.exec(text.trim());
  if (key !== null) return { container: key[1] ?? null, item: key[2] ?? "" };
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.origin !== new URL(site.baseUrl).origin) return null;
  const [, container, item, more] = url.pathname.replace(/\/$/, "").split("/");
  if (container === undefined || item === undefined || more !== undefined || !/^\d+$/.test(item)) return null;
  return { container, item };
}

function formatIssue(
  { container, item }: { container: string; item: string },
  site: IssueSite<unknown>,
): FormattedIssue {
  const shelfName = container.toLowerCase();
  return {
    canonicalKey: `${shelfName}#${item}`,
    displayKey: `${shelfName}#${item}`,
    url: `${site.baseUrl}/${shelfName}/${item}`,
  };
}

/** A complete links-only provider: keys, URLs, forms, and nothing else. */
export function createToyProvider(): Provider<"toy", null, Record<string, never>> {
  return {
    id: "toy",
    specVersion: 1,
    capabilities: {},
    describe: () => ({
      name: "Toy",
      defaultBaseUrl: "https://toy.example",
      containerName: "Shelf",
      auth: nothing,
      container: shelf,
      options: noOptions,
    }),
    parseIssue,
    formatIssue,
  };
}
