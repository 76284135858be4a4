import { describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, type GitHubWorld, poll, settle } from "../support/github-world.ts";

const repository = "acme/web";
const hour = 3_600_000;

type Send = typeof fetch;

/** A world whose lists of changes can be made blind, as if a tracker did not count something as a change. */
async function createBlindWorld() {
  let isBlind = false;
  let send: Send = () => Promise.reject(new TypeError("There is no GitHub yet."));
  const world: GitHubWorld = await createGitHubWorld({
    fetch: (input, init) => {
      const { pathname, searchParams } = new URL(input instanceof Request ? input.url : input);
      const isPoll = /\/issues(?:\/comments)?$/.test(pathname) && searchParams.get("sort") === "updated";
      return isPoll && isBlind ? Promise.resolve(Response.json([])) : send(input, init);
    },
  });
  send = world.github.fetch;
  await addGitHubSource(world);
  const { id } = await world.app.defects.create({ projectId: "web", title: "Total is wrong" });
  await world.app.defects.push(id);
  await poll(world);
  const comments = async () =>
    (await world.app.comments.list({ defectId: id })).items.map(({ body, author }) => `${author.name}: ${body}`);
  return { ...world, world, id, comments, blind: () => (isBlind = true) };
}

describe("the number of comments", () => {
  test("shows a deletion that no list of changes shows, at the next look at the issue", async () => {
    const { world, github, comments, blind } = await createBlindWorld();
    github.as("lena").comment(repository, 1, "Stays");
    const { id } = github.as("lena").comment(repository, 1, "Goes");
    await poll(world);
    expect(await comments()).toEqual(["lena: Stays", "lena: Goes"]);
    blind();
    github.as("lena").deleteComment(repository, id);
    await poll(world, 5);
    expect(await comments()).toEqual(["lena: Stays", "lena: Goes"]);
    await world.time.advance(hour);
    await settle(world);
    await poll(world, 2);
    expect(await comments()).toEqual(["lena: Stays"]);
  });

  test("hides nothing where it stays the same: one was deleted, another written", async () => {
    const { world, github, comments } = await createBlindWorld();
    const { id } = github.as("lena").comment(repository, 1, "Goes");
    await poll(world);
    github.as("lena").deleteComment(repository, id);
    github.as("omar").comment(repository, 1, "Comes");
    await poll(world, 3);
    expect(await comments()).toEqual(["omar: Comes"]);
  });

  test("costs no list of comments while it is as known", async () => {
    const { world, github, id } = await createBlindWorld();
    github.as("lena").comment(repository, 1, "Known");
    await world.app.comments.add({ defectId: id, body: "Ours" });
    await poll(world, 3);
    const mark = github.mark();
    github.as("lena").editIssue(repository, 1, { title: "Total is off by one" });
    await poll(world, 2);
    await world.time.advance(hour);
    await settle(world);
    const lists = github.requestsSince(mark).filter(({ operation }) => operation.endsWith("{issue_number}/comments"));
    expect(lists).toEqual([]);
  });
});

describe("authors of comments", () => {
  test("are shown by their login; one whose account is gone is unknown", async () => {
    const { world, github, id } = await createBlindWorld();
    github.as("lena").comment(repository, 1, "From lena");
    await poll(world);
    const ghost: Send = async (input, init) => {
      const response = await github.fetch(input, init);
      if (!/\/issues\/1\/comments/.test(String(input instanceof Request ? input.url : input))) return response;
      const rows = (await response.json()) as object[];
      return Response.json(rows.map((row) => ({ ...row, user: null })));
    };
    const other = await createGitHubWorld({ time: world.time, github, fetch: ghost });
    const source = await addGitHubSource(other);
    const defect = await other.app.defects.create({ projectId: "web", title: "Total is wrong" });
    await other.app.defects.attach(defect.id, { sourceId: source.id, issue: "#1" });
    await poll(other);
    const names = async (app: typeof world.app, defectId: string) =>
      (await app.comments.list({ defectId })).items.map(({ author, origin }) => [author.name, origin]);
    expect(await names(world.app, id)).toEqual([["lena", "tracker"]]);
    expect(await names(other.app, defect.id)).toEqual([["unknown", "tracker"]]);
  });
});
