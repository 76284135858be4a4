import type { RedmineAccess } from "./start-redmine.ts";

/** Something that is done past the API, see actions.rb: its name, its members, and `as`, the login of who does it. */
export type Action = Readonly<Record<string, unknown>> & { readonly action: string };

/** Carries out actions in order, as `lena` where they name nobody else; answers with what came of each. */
export async function act(
  { url, controlKey }: Pick<RedmineAccess, "url" | "controlKey">,
  actions: readonly Action[],
  fetch: (input: string, init: RequestInit) => Promise<Response> = globalThis.fetch,
): Promise<readonly unknown[]> {
  const response = await fetch(`${url}/control`, {
    method: "POST",
    headers: { "x-control-key": controlKey },
    body: JSON.stringify(actions),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`Redmine's driver: ${JSON.stringify(answer)}`);
  return answer as readonly unknown[];
}
