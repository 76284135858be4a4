import { describe, expect, test } from "vitest";
import { noticesIn } from "../support/github-reading.ts";
import { addGitHubSource, createGitHubWorld, type GitHubWorld, poll, settle } from "../support/github-world.ts";

const repository = "acme/web";
const text = [
  "@lena, this fixes #12 and GH-13; duplicate of other/repo#14",
  "https://github.com/other/repo/issues/15 [that](https://github.com/other/repo/pull/16)",
  "`@Override` stays",
  "```\n@Test // #17\n```",
].join("\n\n");

async function pushed(world: GitHubWorld, description: string) {
  await addGitHubSource(world);
  const { id } = await world.app.defects.create({ projectId: "web", title: "Total is wrong", description });
  const link = await world.app.defects.push(id);
  await poll(world);
  const issue = () => world.github.issue(repository, 1) ?? expect.unreachable();
  const writesSince = (mark: number) =>
    world.github.requestsSince(mark).filter(({ method, operation }) => method !== "GET" && operation !== "graphql");
  return { id, link, issue, writesSince, here: async () => (await world.app.defects.get(id)).description };
}

describe("mentions and references on their way to GitHub", () => {
  test("notify nobody and leave no note, in a description and in comments; code and our own link are whole", async () => {
    const world = await createGitHubWorld();
    const { id, issue } = await pushed(world, text);
    await world.app.comments.add({ defectId: id, body: text });
    await poll(world);
    expect(noticesIn(text)).not.toEqual([]);
    const bodies = [issue().body ?? "", issue().comments[0]?.body ?? ""];
    for (const body of bodies) {
      expect(noticesIn(body)).toEqual([]);
      expect(body).toContain("https://redirect.github.com/other/repo/issues/15");
      expect(body).toContain("`@Override` stays\n\n```\n@Test // #17\n```");
    }
    expect(bodies[0]).toContain(`[${id}](<https://tests.example.com/defects/${id}>)`);
  });

  test("come back as they were, and nothing is written or applied because of them", async () => {
    const world = await createGitHubWorld();
    const { id, issue, writesSince, here } = await pushed(world, text);
    await world.app.comments.add({ defectId: id, body: text });
    await poll(world);
    const mark = world.github.mark();
    const { revision } = await world.app.defects.get(id);
    await poll(world, 2);
    expect(writesSince(mark)).toEqual([]);
    expect(await world.app.defects.get(id)).toMatchObject({ revision, description: text });

    world.github.as("lena").editIssue(repository, 1, { body: `Seen it.\n\n${issue().body}` });
    const [comment] = issue().comments;
    world.github.as("lena").editComment(repository, comment?.id ?? 0, `${comment?.body}\n\nMe too.`);
    await poll(world, 2);
    expect(await here()).toBe(`Seen it.\n\n${text}`);
    const { items } = await world.app.comments.list({ defectId: id });
    expect(items.map(({ body }) => body)).toEqual([`${text}\n\nMe too.`]);
    expect(writesSince(mark)).toEqual([]);
  });

  test("what people at GitHub mention stays as they wrote it, until it is changed here", async () => {
    const world = await createGitHubWorld();
    const { id, issue, writesSince, here } = await pushed(world, "Nothing");
    const written = (issue().body ?? "").replace("Nothing", "Ask @bob about #3");
    world.github.as("lena").editIssue(repository, 1, { body: written });
    await poll(world, 2);
    expect(await here()).toBe("Ask @bob about #3");
    const mark = world.github.mark();
    await world.app.defects.update(id, { title: "Total is off" });
    await poll(world, 2);
    expect(writesSince(mark)).toHaveLength(1);
    expect(issue().body).toBe(written);
    await world.app.defects.update(id, { description: "Ask @bob about #3 and #4" });
    await settle(world);
    expect(issue().body).toContain("Ask @\u200bbob about #\u200b3 and #\u200b4");
  });

  test("whoever takes out what keeps them quiet has edited nothing", async () => {
    const world = await createGitHubWorld();
    const { id, issue, link, writesSince } = await pushed(world, text);
    const { revision } = await world.app.defects.get(id);
    const mark = world.github.mark();
    world.github.as("lena").editIssue(repository, 1, { body: (issue().body ?? "").replaceAll("\u200b", "") });
    await poll(world, 2);
    expect(await world.app.defects.get(id)).toMatchObject({ revision });
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced" });
    expect(writesSince(mark)).toEqual([]);
  });
});
