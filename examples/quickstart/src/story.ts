import { waitForAgreement } from "./agreement.ts";
import type { App } from "./app.ts";
import { pushAll, reportFailures, triage, workAtHost, workAtTracker } from "./chapters.ts";
import { describeEarlierRuns } from "./earlier-runs.ts";
import { createProgress } from "./progress.ts";
import type { Reports } from "./reports.ts";
import { summarise } from "./summary.ts";
import type { Tracker } from "./tracker.ts";

export interface StoryRequest {
  readonly app: App;
  readonly projectId: string;
  readonly reports: Reports;
  readonly tracker: Tracker;
  /** Where everything is kept; null where it is not. */
  readonly folder: string | null;
  /** Requests that Backref has sent so far. */
  readonly requestCount: () => number;
}

const tableWidth = 170;

/** Tells the story from report to agreement, and shows where everything stands. True if both sides agree in the end. */
export async function playStory(request: StoryRequest): Promise<boolean> {
  const { app, projectId, reports, tracker, folder, requestCount } = request;
  const progress = createProgress(process.stdout);
  let spent = 0;
  const step = (text: string): void => {
    const requests = requestCount() - spent;
    spent += requests;
    progress.done(`${text} (${count(requests, "remote request")})`);
  };
  const earlier = await describeEarlierRuns(app, projectId);
  step(earlier ?? "Connected; nothing is known yet");
  if (earlier !== null) console.log("  To start over: pnpm demo --reset");

  const { files, cases, failures } = reports;
  const { defectIds, created } = await reportFailures(app, projectId, failures);
  await triage(app, defectIds);
  const [reportCount, caseCount] = [count(files, "report"), count(cases, "case")];
  const known = created < defectIds.length ? `, ${defectIds.length - created} of them known` : "";
  step(
    `${reportCount}, ${caseCount}, ${count(failures.length, "failure")}: ${count(defectIds.length, "defect")}${known}`,
  );
  if (defectIds.length === 0) return true;

  const agreed = async (what: string): Promise<boolean> => {
    const problems = await waitForAgreement({
      app,
      tracker,
      defectIds,
      patienceMs: tracker.patienceMs + defectIds.length * 1_000,
      lookEveryMs: tracker.sendsWebhooks ? 100 : 1_000,
      onLook: (open) => progress.update(`${what}: ${open} to go, ${count(requestCount() - spent, "request")}`),
    });
    if (problems.length === 0) step(what);
    else progress.fail([`${what}: not so.`, ...problems].join("\n- "));
    return problems.length === 0;
  };

  await pushAll(app, defectIds, (done) => progress.update(`Pushing, ${done} of ${defectIds.length}`));
  const isInStep =
    (await agreed(`Pushed ${count(defectIds.length, "defect")} in parallel`)) &&
    (await agreed(`At ${tracker.product} somebody ${await workAtTracker(app, tracker, defectIds)}; it is here`)) &&
    (await agreed(`Here Ann ${await workAtHost(app, defectIds)}; it is at ${tracker.product}`));

  console.log(`\n${await summarise(app, defectIds, process.stdout.columns ?? tableWidth)}\n`);
  console.log(isInStep ? "Both sides agree on title, status, priority and comments." : "The two sides do not agree.");
  const kept = folder === null ? "The next run starts over" : `Everything is kept in ${folder} for the next run`;
  console.log(`Backref sent ${count(requestCount(), "remote request")}. ${kept}.`);
  return isInStep;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
