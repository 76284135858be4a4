/**
 * One host, received by four frameworks: a fake GitHub on a port sends signed deliveries to each of them, and one worker on
 * the same database brings what they tell.
 *
 *     pnpm demo:webhooks
 *
 * Exit code 0: every delivery was answered as it has to be, and every change came in. 1: not.
 */
import { generateSecretKey } from "@backref/core";
import { createFakeGitHub } from "@backref/testing/github";
import { PGlite } from "@electric-sql/pglite";
import { createHostBackref } from "./host.ts";
import { mounts } from "./mounts/index.ts";
import { type Outcome, runStory } from "./story.ts";

const pool = await PGlite.create();
const settings = { pool, secretKeys: [{ id: "demo", key: generateSecretKey() }], allowPrivateAddresses: true };
const web = createHostBackref(settings);
const worker = createHostBackref(settings);
await web.migrate();
worker.sync.start();

const github = createFakeGitHub();
const port = await github.listen();
console.log(`A fake GitHub at ${port.url}; web and worker share a database.\n`);

const outcomes = await Promise.all(mounts.map((mount) => runStory({ web, github, gitHubUrl: port.url }, mount)));
console.table(outcomes);

const isRight = ({ genuine, doubled, forged, title }: Outcome): boolean =>
  genuine === 202 && doubled === 200 && forged === 401 && title === "Total is wrong with a voucher";
process.exitCode = outcomes.every(isRight) ? 0 : 1;

await worker.close();
await web.close();
await port.close();
await pool.close();
