import { setTimeout as sleep } from "node:timers/promises";
import type { FakeGitHub } from "@backref/testing/github";
import { createBug } from "./bugs.ts";
import type { Database, Row } from "./database.ts";
import type { HostBackref } from "./host-backref.ts";
import { createTrackedBugs } from "./tracked-bugs.ts";

const ann = { tenantId: "acme", userId: "ann", displayName: "Ann", role: "owner" } as const;
const patienceMs = 30_000;

/** From a bug to an issue and back. Throws where the two sides do not come to agree. */
export async function playStory(given: {
  readonly database: Database;
  readonly backref: HostBackref;
  readonly github: FakeGitHub;
}): Promise<void> {
  const { database, backref, github } = given;
  const bugs = createTrackedBugs(database, backref);
  const app = backref.as(ann);
  const lena = github.as("lena");
  const issue = () => github.issue("acme/shop", 1);
  /** Works until it is so. A server would have `backref.sync.start()` instead. */
  const until = async (what: string, isSo: () => boolean | Promise<boolean>): Promise<void> => {
    const giveUpAt = performance.now() + patienceMs;
    while (!(await isSo())) {
      if (performance.now() > giveUpAt) throw new Error(`It was expected that ${what}.`);
      await backref.sync.run();
      await sleep(50);
    }
    console.log(`✓ ${what}`);
  };

  await app.sources.create({
    name: "Our GitHub",
    provider: "github",
    auth: { type: "token", token: github.token },
    targets: [{ projectId: "shop", container: "acme/shop" }],
  });

  // A transaction that is rolled back leaves neither the bug nor the push.
  const draft = { project: "shop", title: "Total is wrong", description: "30 instead of 29", severity: "S2" } as const;
  const failing = database.transaction(async (transaction) => {
    const number = await createBug(transaction, ann.tenantId, draft);
    await backref.as(ann, { transaction }).defects.push(number);
    throw new Error("Something else in the transaction failed.");
  });
  await failing.catch(() => {});
  await backref.sync.run();
  const { rows: none } = await database.query("SELECT number FROM bug");
  console.log(`✓ rolled back: ${none.length} bugs, ${github.issues("acme/shop").length} issues`);

  const { number } = await bugs.file(ann, draft);
  const bug = async (): Promise<Row> => {
    const { rows } = await database.query("SELECT title, state, severity FROM bug WHERE number = $1::bigint", [number]);
    return rows[0] ?? {};
  };
  await until("committed: the bug has an issue", () => issue()?.labels.join() === "severity:2");

  await bugs.edit(ann, number, { title: "Total is wrong with a voucher", severity: "S1" });
  await until("Ann's edit is at GitHub", () => issue()?.title.includes("voucher") === true);

  await bugs.comment(ann, number, { author: "Ann", body: "Only in euros." });
  await until("Ann's comment is at GitHub", () => issue()?.comments.length === 1);

  lena.editIssue("acme/shop", 1, { title: "Total is wrong with two vouchers" });
  lena.comment("acme/shop", 1, "Fixed in 1.4");
  lena.closeIssue("acme/shop", 1);
  await until("Lena's edit is in our table", async () => String((await bug())["title"]).includes("two vouchers"));
  await until("the bug is done", async () => (await bug())["state"] === "done");
  const comments = async () => (await database.query("SELECT author, body FROM bug_comment ORDER BY number")).rows;
  await until("Lena's comment is in our table", async () => (await comments()).length === 2);

  const [link] = await app.defects.links(number);
  console.log(`\n#${number} ${Object.values(await bug()).join(" · ")} · ${link?.badge?.text} ${link?.status}`);
  for (const { author, body } of await comments()) console.log(`  ${author}: ${body}`);
}
