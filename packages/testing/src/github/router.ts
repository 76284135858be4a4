import type { PathParameters, RestOperation } from "./rest-call.ts";

/** An operation found for a request, with its path parameters decoded. */
export interface Route {
  readonly operation: RestOperation;
  readonly params: PathParameters;
  /** The path after the repository. */
  readonly rest: string;
}

const byId = /^\/repositories\/(\d+)(\/.*)?$/;

/** Finds the operation for a method and path; `/repositories/{id}/…` is the same as `/repos/{owner}/{repo}/…`. */
export function createRouter(operations: readonly RestOperation[]): (method: string, path: string) => Route | null {
  const matchers = operations.map((operation) => ({ operation, pattern: patternOf(operation.template) }));
  return (method, path) => {
    const [, repositoryId, tail = ""] = byId.exec(path) ?? [];
    const plain = repositoryId === undefined ? path : `/repos/-/-${tail}`;
    for (const { operation, pattern } of matchers) {
      if (operation.method !== method) continue;
      const groups = pattern.exec(plain)?.groups;
      if (groups === undefined) continue;
      const params = Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decode(value)]));
      const rest = plain.replace(/^\/repos\/[^/]+\/[^/]+/, "");
      if (repositoryId === undefined) return { operation, params, rest };
      return { operation, params: { ...params, repository_id: repositoryId }, rest };
    }
    return null;
  };
}

function patternOf(template: string): RegExp {
  const source = template.replaceAll(/\{(\w+)\}/g, (_match, name: string) =>
    name.endsWith("_number") || name.endsWith("_id") ? `(?<${name}>\\d+)` : `(?<${name}>[^/]+)`,
  );
  return new RegExp(`^${source}(?<none>)$`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
