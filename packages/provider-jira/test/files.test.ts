import { describe, expect, test } from "vitest";
import { setUp } from "./support.ts";
import { createWorld } from "./world.ts";

const content = "what the run left behind\u0000\u00ff";
const file = {
  reference: "R-1",
  fileName: "trace.txt",
  contentType: "text/plain",
  sizeBytes: new TextEncoder().encode(content).byteLength,
};
const attach = "/issue/{issueIdOrKey}/attachments";

describe.each(["cloud", "data-center"] as const)("%s", (deployment) => {
  async function pushWithFile(prepare: (world: Awaited<ReturnType<typeof createWorld>>) => void = () => {}) {
    const world = await createWorld(deployment, { files: { "R-1": content } });
    prepare(world);
    const defect = await world.app.defects.create({ projectId: "web", title: "Total is wrong" });
    await world.app.defects.push(defect.id, { attachments: [file] });
    await world.settle();
    const state = async () => (await world.app.defects.links(defect.id))[0]?.attachments;
    return { ...world, state };
  }

  test("a file of a push is at the issue, for one request more", async () => {
    const { jira, state, errors, operationsSince } = await pushWithFile();
    const [found, ...others] = jira.files("WEB-1");
    expect(others).toEqual([]);
    expect(found).toMatchObject({ fileName: "trace.txt", contentType: "text/plain" });
    expect(new TextDecoder().decode(found?.content)).toBe(content);
    const address = deployment === "cloud" ? "/rest/api/3/attachment/content/" : "/secure/attachment/";
    expect(await state()).toMatchObject([
      { status: "sent", url: expect.stringContaining(`${jira.siteUrl}${address}${found?.id}`) },
    ]);
    expect(operationsSince(0).filter((name) => name.includes("attachment"))).toEqual([`POST ${attach}`]);
    expect([errors, jira.violations]).toEqual([[], []]);
  });

  test("a file whose answer was lost is found and not sent again", async () => {
    const { jira, state, poll } = await pushWithFile(({ jira: { faults } }) =>
      faults.add({ kind: "lost-after", match: { operation: attach } }),
    );
    await poll();
    expect(jira.files("WEB-1")).toHaveLength(1);
    expect(await state()).toMatchObject([{ status: "sent" }]);
  });

  test("a file that Jira refuses is told, and the source stays in order", async () => {
    const { jira, state, app, source } = await pushWithFile(({ jira: { faults } }) =>
      faults.add({ kind: "status-before", status: 413, match: { operation: attach } }),
    );
    expect(jira.files("WEB-1")).toEqual([]);
    expect(JSON.stringify(await state())).toContain("larger than this Jira takes");
    expect((await app.sources.test(source.id)).problems).toEqual([]);
  });

  test("a large file is not sent where the site says that it takes none of its size", async () => {
    const { fake, provider, call, address } = await setUp(deployment);
    const { key } = fake.as("ann").createIssue("WEB", { summary: "one" });
    const mark = fake.mark();
    const large = { fileName: "trace.zip", contentType: "application/zip", sizeBytes: 20_000_000 };
    for (let turn = 0; turn < 2; turn += 1) {
      const request = { ...large, issue: address(key), content: new Blob([]).stream() as ReadableStream<Uint8Array> };
      await expect(provider.attachments.upload(call(), request)).rejects.toMatchObject({
        failure: "permanent",
        message: expect.stringMatching(/20000000 bytes, and 10485760 are taken/),
      });
    }
    expect(fake.requestsSince(mark).map(({ operation }) => operation)).toEqual(["/attachment/meta"]);
  });
});
