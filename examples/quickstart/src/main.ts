/**
 * The main job: failing tests become defects, defects become GitHub issues, and both sides stay in step.
 *
 *     pnpm demo [-- report.xml or folder …]
 *
 * Exit code 0: both sides agree. 1: they do not. 2: something has to be put right before it can begin.
 */
import { fileURLToPath } from "node:url";
import { BackrefError, createBackref, generateSecretKey } from "@backref/core";
import { createGitHubProvider } from "@backref/provider-github";
import { createMemoryStorage } from "@backref/storage-memory";
import { countRequests } from "./count-requests.ts";
import { InputError } from "./input-error.ts";
import { type Reports, readReports } from "./reports.ts";
import { playStory } from "./story.ts";
import { openTracker, type Tracker } from "./tracker.ts";
import { startWebhookServer } from "./webhook-server.ts";

const exampleReports = fileURLToPath(new URL("../reports", import.meta.url));

/** What a host writes. Everything before and after it in this folder is the story around it. */
async function run(tracker: Tracker, reports: Reports): Promise<boolean> {
  const requests = countRequests();
  const backref = createBackref({
    storage: createMemoryStorage(),
    providers: [createGitHubProvider()],
    secretKeys: [{ id: "demo", key: generateSecretKey() }],
    defectUrl: ({ defect }) => `https://tests.example.com/defects/${defect.id}`,
    allowPrivateAddresses: tracker.isPrivateAddress,
    limits: { pollIntervalMs: tracker.pollIntervalMs },
    fetch: requests.fetch,
  });
  const app = backref.as({ tenantId: "acme", userId: "ann", displayName: "Ann", role: "owner" });
  const source = await app.sources.create({
    name: "Our GitHub",
    provider: "github",
    baseUrl: tracker.baseUrl,
    options: { webUrl: tracker.webUrl },
    auth: { type: "token", token: tracker.token },
    targets: [{ projectId: "shop", container: tracker.repository }],
  });
  const { ok, problems } = await app.sources.test(source.id);
  if (!ok) throw new InputError(["GitHub cannot be used like this.", ...problems].join("\n- "));

  const server = await startWebhookServer(backref.webhooks);
  const stopSync = backref.sync.start();
  try {
    const { endpoint } = await app.sources.webhook(source.id);
    if (tracker.sendsWebhooks) await app.sources.registerWebhooks(source.id, { url: server.urlOf(endpoint) });
    return await playStory({ app, projectId: "shop", reports, tracker, requestCount: requests.count });
  } finally {
    await stopSync();
    await server.close();
    await backref.close();
  }
}

async function main(): Promise<number> {
  const paths = process.argv.slice(2).filter((argument) => argument !== "--");
  if (paths.includes("--help")) {
    console.log("pnpm demo [-- report.xml or folder …]   See examples/quickstart/README.md.");
    return 0;
  }
  const reports = await readReports(paths.length > 0 ? paths : [exampleReports]);
  const tracker = await openTracker(process.env);
  console.log(`Backref quick start with ${tracker.description}, repository ${tracker.repository}`);
  try {
    return (await run(tracker, reports)) ? 0 : 1;
  } finally {
    await tracker.close();
  }
}

/** What people can put right is told in a sentence; anything else is a fault of the program and shows its stack. */
function explain(error: unknown): number {
  if (!(error instanceof InputError) && !BackrefError.isInstance(error)) throw error;
  console.error(error.message);
  return 2;
}

process.exitCode = await main().catch(explain);
