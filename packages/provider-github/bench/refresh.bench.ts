import type { Figure } from "../../../scripts/figure.ts";
import { compare, withClients } from "./clients.ts";

export const title = "Refreshing issues";
export const about =
  "All linked issues of a project are read again by one call, against one request of Octokit per issue.";

const count = 10_000;
const parallel = 16;
const rounds = 3;

/** Reading all issues of a project again, against one request per issue. */
export async function figures(): Promise<readonly Figure[]> {
  const task = { count, parallel, latencyMs: 0 } as const;
  const { ours, baseline, ratio } = await withClients((clients) =>
    compare(clients, { way: "refresh-backref", ...task }, { way: "refresh-octokit", ...task }, rounds),
  );
  const name = `${count} issues read again, 0 ms away, against Octokit one by one, ${parallel} at once`;
  return [
    { name, value: Math.round(ours), unit: "ms", baseline: Math.round(baseline) },
    { name: `time of ${name}`, value: Number(ratio.toFixed(3)), unit: "times", baseline: 1 },
  ];
}
