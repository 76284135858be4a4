import { Octokit } from "@octokit/core";
import type { ClientTools } from "./client.ts";

/** Runs the work for 0 to `count` - 1, as many at the same time as asked for. */
async function inParallel(count: number, parallel: number, work: (number: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const number = next;
      next += 1;
      await work(number);
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}

const bodyOf = (number: number) => ({ title: `Defect ${number}`, body: `It is wrong, for the ${number}th time.` });

/** The least that a program can do: it forgets what it made, and whether it did. */
export async function pushByFetch({ task, fetch, measure }: ClientTools): Promise<void> {
  const headers = { authorization: `Bearer ${task.token}`, "content-type": "application/json", "user-agent": "bench" };
  await measure(() =>
    inParallel(task.count, task.parallel, async (number) => {
      const body = JSON.stringify(bodyOf(number));
      const answer = await fetch(`${task.url}/repos/${task.repository}/issues`, { method: "POST", headers, body });
      if (answer.status !== 201) throw new TypeError(`An issue was answered ${answer.status}.`);
      await answer.json();
    }),
  );
}

function octokitOf({ task, fetch }: ClientTools): { readonly octokit: Octokit; readonly owner: string; repo: string } {
  const [owner = "", repo = ""] = task.repository.split("/");
  return { octokit: new Octokit({ auth: task.token, baseUrl: task.url, request: { fetch } }), owner, repo };
}

/** What a host without Backref begins with. */
export async function pushByOctokit(tools: ClientTools): Promise<void> {
  const { octokit, owner, repo } = octokitOf(tools);
  await tools.measure(() =>
    inParallel(tools.task.count, tools.task.parallel, async (number) => {
      await octokit.request("POST /repos/{owner}/{repo}/issues", { owner, repo, ...bodyOf(number) });
    }),
  );
}

/** One request per issue, as most hosts do it today. */
export async function refreshByOctokit(tools: ClientTools): Promise<void> {
  const { octokit, owner, repo } = octokitOf(tools);
  await tools.measure(() =>
    inParallel(tools.task.count, tools.task.parallel, async (number) => {
      const request = { owner, repo, issue_number: number + 1 };
      await octokit.request("GET /repos/{owner}/{repo}/issues/{issue_number}", request);
    }),
  );
}
