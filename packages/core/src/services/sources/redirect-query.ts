import { BackrefError } from "../../errors/index.ts";
import { invalidInput } from "../../input/parse-input.ts";
import type { Provider } from "../../provider/provider.ts";
import { scrubText } from "../../security/scrub-failure.ts";

const operation = "source.authorize";

/** What a tracker sends people back with. */
export interface RedirectAnswer {
  readonly state: string;
  /** All but the state. */
  readonly query: Readonly<Record<string, string>>;
}

/** Reads the redirect in whatever form a host has it. Values are not repeated in errors: they are secrets. */
export function answerOf(input: unknown): RedirectAnswer {
  const entries = entriesOf(input);
  const names = entries.map(([name]) => name);
  for (const name of ["state", "code", "error"]) {
    // Two of them, and two readers may see different ones.
    if (names.indexOf(name) !== names.lastIndexOf(name)) throw invalidSignIn(`names "${name}" twice`);
  }
  const { state = "", ...query } = Object.fromEntries(entries);
  return { state, query };
}

function entriesOf(input: unknown): readonly (readonly [string, string])[] {
  if (input instanceof URL) return [...input.searchParams];
  if (input instanceof URLSearchParams) return [...input];
  if (typeof input === "string") {
    return [...(URL.canParse(input) ? new URL(input).searchParams : new URLSearchParams(input))];
  }
  if (typeof input === "object" && input !== null && !Array.isArray(input)) {
    const entries = Object.entries(input).filter(([, value]) => value !== undefined);
    if (entries.every((entry): entry is [string, string] => typeof entry[1] === "string")) return entries;
  }
  const message = "give the URL that the tracker sent the browser to, or its query";
  throw invalidInput("authorization", [{ path: [], message }]);
}

/** The query where it has a code. Throws `authorization-denied` where it has an error instead. */
export function codeIn({ query }: RedirectAnswer, provider: Provider): Readonly<Record<string, string>> {
  const { error, error_description: description, code } = query;
  const { name } = provider.describe();
  if (error !== undefined) {
    const said = scrubText(description === undefined || description === "" ? error : `${error}: ${description}`, []);
    throw new BackrefError({
      code: "authorization-denied",
      message: `${name} did not let the sign-in through (${said.slice(0, longestQuote)}). Nothing was changed; begin again when that is settled.`,
      providerId: provider.id,
      operation,
      data: { error: scrubText(error, []).slice(0, longestName) },
    });
  }
  if (code === undefined || code === "") throw invalidSignIn("came back without a code");
  return query;
}

const longestQuote = 300;
const longestName = 100;

/** @param what completes "The sign-in …" */
export function invalidSignIn(what: string): BackrefError {
  return new BackrefError({
    code: "authorization-invalid",
    message: `The sign-in ${what}. Nothing was changed; begin again with sources.authorize(id).`,
    operation,
  });
}
