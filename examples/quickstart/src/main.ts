/**
 * The main job: failing tests become defects, defects become issues, and both sides stay in step. What it knows
 * is kept in a folder, so the next run goes on from there.
 *
 *     pnpm demo [report.xml or folder …] [--provider github|gitlab|jira|linear|azure-devops|redmine] [--data DIR] [--reset]
 *
 * Exit code 0: both sides agree. 1: they do not. 2: something has to be put right before it can begin. 130: interrupted.
 */
import { BackrefError, createBackref } from "@backref/core";
import { createPostgresStorage } from "@backref/storage-postgres";
import type { PGlite } from "@electric-sql/pglite";
import { help, readArguments } from "./arguments.ts";
import { countRequests } from "./count-requests.ts";
import { type KeptData, openData } from "./data-folder.ts";
import { openDatabase } from "./database.ts";
import { InputError } from "./input-error.ts";
import { Interrupted, listenForInterruption, unlessInterrupted } from "./interruption.ts";
import { type Reports, readReports } from "./reports.ts";
import { playStory } from "./story.ts";
import type { Tracker } from "./tracker.ts";
import { chooseTracker } from "./trackers/choose-tracker.ts";
import { startWebhookServer } from "./webhook-server.ts";

interface Setting {
  readonly pool: PGlite;
  readonly data: KeptData;
  readonly isKept: boolean;
  readonly tracker: Tracker;
  readonly reports: Reports;
  readonly signal: AbortSignal;
}

/** What a host writes. Everything before and after it in this folder is the story around it. */
async function run({ pool, data, isKept, tracker, reports, signal }: Setting): Promise<boolean> {
  const requests = countRequests();
  const backref = createBackref({
    storage: createPostgresStorage({ pool }), // a PGlite in a folder; where there is a server, a `pg` Pool
    providers: [tracker.createProvider()],
    secretKeys: [{ id: "demo", key: data.secretKey }], // a host keeps its key in the environment or a vault
    defectUrl: ({ defect }) => `https://tests.example.com/defects/${defect.id}`,
    allowPrivateAddresses: tracker.isPrivateAddress,
    limits: tracker.limits,
    fetch: requests.fetch,
  });
  await backref.migrate();
  const app = backref.as({ tenantId: "acme", userId: "ann", displayName: "Ann", role: "owner" });

  const { product, provider, connection, priorityMapping } = tracker;
  const targets = [{ projectId: "shop", container: tracker.container }];
  const mapping = priorityMapping === undefined ? {} : { mapping: { priority: priorityMapping } };
  const [known] = (await app.sources.list()).items;
  const source = known
    ? await app.sources.update(known.id, connection) // the token may be a new one, and the fake has another port
    : await app.sources.create({ name: `Our ${product}`, provider, targets, ...mapping, ...connection });
  const { ok, problems } = await app.sources.test(source.id);
  if (!ok) throw new InputError([`${product} cannot be used like this.`, ...problems].join("\n- "));
  await backref.sync.run(); // one pass: what happened since the last run

  const server = await startWebhookServer(backref.webhooks);
  const stopSync = backref.sync.start(); // and from now on, whatever happens
  try {
    const { endpoint } = await app.sources.webhook(source.id);
    if (tracker.sendsWebhooks) await app.sources.registerWebhooks(source.id, { url: server.urlOf(endpoint) });
    const story = {
      app,
      projectId: "shop",
      reports,
      tracker,
      folder: isKept ? data.folder : null,
      requestCount: requests.count,
    };
    return await unlessInterrupted(signal, () => playStory(story));
  } finally {
    await stopSync();
    await server.close();
    await backref.close();
  }
}

async function main(): Promise<number> {
  const { reportPaths, dataFolder, isReset, isHelp, provider } = readArguments(process.argv.slice(2));
  if (isHelp) {
    console.log(help);
    return 0;
  }
  const signal = listenForInterruption();
  const startedAt = new Date().toISOString();
  const reports = await readReports(reportPaths, startedAt);
  const choice = chooseTracker(provider, process.env);
  console.log(`Backref quick start. Opening its data in ${dataFolder} …`);
  const secretKey = process.env["BACKREF_KEY"];
  const closers: (() => Promise<void> | void)[] = [];
  try {
    const data = await openData({
      parent: dataFolder,
      tracker: choice.name,
      isReset: isReset || !choice.isKept,
      secretKey,
    });
    closers.push(data.close);
    const tracker = await choice.open(data);
    closers.push(tracker.close);
    console.log(`With ${tracker.description}, ${tracker.container}.`);
    if (data.wasLeftBehind) console.log("The last run was killed. What it had begun is taken up again.");
    const pool = await openDatabase(data.databaseFolder);
    closers.push(() => pool.close());
    signal.throwIfAborted();
    return (await run({ pool, data, isKept: choice.isKept, tracker, reports, signal })) ? 0 : 1;
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** What people can put right is told in a sentence; anything else is a fault of the program and shows its stack. */
function explain(error: unknown): number {
  if (error instanceof Interrupted) {
    console.error(`\n${error.message} Everything so far is kept; run it again to go on.`);
    return 130;
  }
  if (!(error instanceof InputError) && !BackrefError.isInstance(error)) throw error;
  console.error(error.message);
  return 2;
}

process.exitCode = await main().catch(explain);
