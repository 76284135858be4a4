import type { Figure } from "../../../scripts/figure.ts";
import { type Comparison, compare, type Task, withClients } from "./clients.ts";

export const title = "Pushing defects";
export const about =
  "What it costs that a push is written down before, made exactly once and known afterwards: against a loop over bare `fetch`, with 50 ms of latency on every request, and against a loop over Octokit without latency. Neither knows afterwards what it made. github.com takes 80 new issues a minute, so there the difference is nobody's. The fake GitHub runs in a process of its own.";

const count = 800;
const parallel = 16;
const rounds = 3;

const comparisons: readonly { readonly what: string; readonly ours: Task; readonly baseline: Task }[] = [
  ...(["memory", "PostgreSQL"] as const).flatMap((storage) => {
    const kept = storage === "PostgreSQL" ? ({ keptIn: "postgres" } as const) : {};
    return [
      {
        what: `kept in ${storage}, 50 ms away, against bare fetch`,
        ours: { way: "push-backref", count, parallel, latencyMs: 50, ...kept } as const,
        baseline: { way: "push-fetch", count, parallel, latencyMs: 50 } as const,
      },
      {
        what: `kept in ${storage}, 0 ms away, against Octokit`,
        ours: { way: "push-backref", count, parallel, latencyMs: 0, ...kept } as const,
        baseline: { way: "push-octokit", count, parallel, latencyMs: 0 } as const,
      },
    ];
  }),
];

/** What it costs that a push is written down before, made exactly once and known afterwards. */
export async function figures(): Promise<readonly Figure[]> {
  return withClients(async (clients) => {
    const found: Figure[] = [];
    for (const { what, ours, baseline } of comparisons) {
      found.push(...figuresOf(what, await compare(clients, ours, baseline, rounds)));
    }
    return found;
  });
}

function figuresOf(what: string, { ours, baseline, ratio }: Comparison): readonly Figure[] {
  const perSecond = (durationMs: number) => Math.round((count * 1_000) / durationMs);
  const name = `${count} defects pushed, ${parallel} at once, ${what}`;
  return [
    { name, value: perSecond(ours), unit: "per second", baseline: perSecond(baseline) },
    { name: `time of ${name}`, value: Number(ratio.toFixed(2)), unit: "times", baseline: 1 },
  ];
}
