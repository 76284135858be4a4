/** What one walk has learned of a workflow. Jira tells the steps from where an issue is, and none further on. */
export interface WorkflowMap {
  isVisited(status: string): boolean;
  /** @param leadsTo where the steps end that may be taken from there */
  arrive(status: string, leadsTo: readonly string[]): void;
  /** The next status on the shortest known way to one with a step that was not tried; null where there is none. */
  backFrom(status: string): string | null;
}

export function createWorkflowMap(): WorkflowMap {
  const known = new Map<string, readonly string[]>();
  const isVisited = (status: string) => known.has(status);
  const hasUntried = (status: string) => known.get(status)?.some((next) => !isVisited(next)) === true;
  return {
    isVisited,
    arrive: (status, leadsTo) => void known.set(status, leadsTo),
    backFrom(status) {
      const seen = new Set([status]);
      let ways = (known.get(status) ?? []).map((next) => ({ first: next, at: next }));
      while (ways.length > 0) {
        const found = ways.find(({ at }) => hasUntried(at));
        if (found !== undefined) return found.first;
        for (const { at } of ways) seen.add(at);
        ways = ways.flatMap(({ first, at }) =>
          (known.get(at) ?? []).filter((next) => !seen.has(next)).map((next) => ({ first, at: next })),
        );
      }
      return null;
    },
  };
}
