import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startServer } from "backref-postgres-server";
import type { Figure } from "../../../scripts/figure.ts";
import type { PollWalk, PollWalkRequest } from "./poll-walk.ts";
import { createPollWorld } from "./poll-world.ts";

export const title = "Memory while a poll walks";
export const about =
  "One worker walks a poll in which every issue of a large repository has changed. Its memory must not grow with their number.";

const program = fileURLToPath(new URL("poll-walk.ts", import.meta.url));
const [few, many] = [10_000, 100_000];
const linkedIssues = 100;

/** Memory of a worker, the database not counted, while one poll walks many changed issues. */
export async function figures(): Promise<readonly Figure[]> {
  const server = await startServer();
  try {
    const { github, known } = await createPollWorld(server.createPool({ max: 2 }), linkedIssues);
    const port = await github.listen();
    const request: PollWalkRequest = {
      databaseUrl: server.url,
      githubUrl: port.url,
      known,
      issues: many,
      lookEvery: few,
    };
    const { resident, durationMs, links } = await walk(request).finally(() => port.close());
    if (links < linkedIssues) throw new TypeError(`The poll made ${links} of ${linkedIssues} links due.`);
    const bytesAt = (issues: number) => {
      const bytes = resident.find(([told]) => told === issues)?.[1];
      if (bytes === undefined) throw new TypeError(`The poll did not come to ${issues} issues.`);
      return bytes;
    };
    const mebibytes = (bytes: number) => Math.round(bytes / 1_048_576);
    return [
      {
        name: `storage-postgres: resident memory after ${many} of ${many} changed issues in one poll, against ${few}`,
        value: mebibytes(bytesAt(many)),
        unit: "MiB",
        baseline: mebibytes(bytesAt(few)),
      },
      {
        name: `storage-postgres: resident memory after ${many} issues against ${few}`,
        value: Number((bytesAt(many) / bytesAt(few)).toFixed(2)),
        unit: "times",
        baseline: 1,
      },
      {
        name: "storage-postgres: issues walked by one poll",
        value: Math.round((many * 1_000) / durationMs),
        unit: "per second",
        baseline: null,
      },
    ];
  } finally {
    await server.stop();
  }
}

/** V8's nursery grows with what the machine has, whatever a program keeps: here it has its size from the start. */
const settings = ["--expose-gc", "--max-semi-space-size=8"];

async function walk(request: PollWalkRequest): Promise<PollWalk> {
  const running = promisify(execFile)(process.execPath, [...settings, program]);
  running.child.stdin?.end(JSON.stringify(request));
  return JSON.parse((await running).stdout);
}
