import { createVirtualTime } from "@backref/testing";
import { describe, expect, test } from "vitest";
import type { PushAttachment } from "../../src/index.ts";
import { errorOf } from "../support/error-of.ts";
import { createFiling, createHostFiles, openerOf, withFiling } from "../support/filing-tracker.ts";
import { addGitHubSource, createGitHubWorld, type GitHubWorldOptions, poll, settle } from "../support/github-world.ts";

const file = (reference: string, text: string, change: Partial<PushAttachment> = {}): PushAttachment => ({
  reference,
  fileName: `${reference}.txt`,
  contentType: "text/plain",
  sizeBytes: Buffer.byteLength(text),
  ...change,
});

async function filingWorld(options: GitHubWorldOptions & { readonly canList?: boolean } = {}) {
  const time = createVirtualTime();
  const filing = createFiling();
  const host = createHostFiles({ log: "a log", shot: "a picture" });
  const world = await createGitHubWorld({
    time,
    provider: withFiling(filing, time.now, options.canList),
    attachments: openerOf(host),
    ...options,
  });
  const source = await addGitHubSource(world);
  const defect = await world.app.defects.create({ projectId: "web", title: "Total is wrong", description: "Look." });
  const linkNow = async () => (await world.app.defects.links(defect.id))[0];
  const pass = async (ms: number) => {
    await time.advance(ms);
    await settle(world, 30_000);
  };
  return { ...world, filing, host, source, defect, linkNow, pass };
}

const files = [file("log", "a log"), file("shot", "a picture", { fileName: "shot.png", contentType: "image/png" })];

describe("files of a push", () => {
  test("go to the issue after it was made, in order, each once", async () => {
    const { app, defect, filing, host } = await filingWorld();
    const link = await app.defects.push(defect.id, { attachments: files });
    expect(link.status).toBe("synced");
    expect(filing.files.map(({ fileName, contentType, content }) => [fileName, contentType, content])).toEqual([
      ["log.txt", "text/plain", "a log"],
      ["shot.png", "image/png", "a picture"],
    ]);
    expect(link.attachments.map(({ reference, by, status, url }) => [reference, by, status, url])).toEqual([
      ["log", "upload", "sent", "https://files.example.com/file-1"],
      ["shot", "upload", "sent", "https://files.example.com/file-2"],
    ]);
    await app.defects.push(defect.id, { attachments: files });
    expect(filing.uploads).toBe(2);
    expect(host.opened).toEqual(["log", "shot"]);
    const { items } = await app.activity.list({ defectId: defect.id });
    expect(items.filter(({ type }) => type === "attachment-sent")).toHaveLength(2);
  });

  test("are added to an issue that is there already", async () => {
    const { app, defect, filing } = await filingWorld();
    await app.defects.push(defect.id);
    expect(await app.defects.push(defect.id, { attachments: files })).toMatchObject({ status: "synced" });
    expect(filing.files).toHaveLength(2);
  });

  test("that are recorded in a host's plan wait for the worker", async () => {
    const { app, defect, filing, pass } = await filingWorld();
    const link = await app.defects.push(defect.id, { attachments: files, waitMs: 0 });
    await pass(61_000);
    expect((await app.defects.link(link.id)).attachments.map(({ status }) => status)).toEqual(["sent", "sent"]);
    expect(filing.uploads).toBe(2);
  });

  test.each([
    ["too many", { attachmentCount: 1 }, files, "attachments: a link has at most 1 files"],
    [
      "too large",
      { attachmentBytes: 8 },
      files,
      'attachments[1].sizeBytes: "shot.png" has 0 MB; at most 0 MB are taken',
    ],
    ["too large together", { attachmentTotalBytes: 8 }, files, "attachments: the files of a link have at most"],
    [
      "named like a path",
      {},
      [file("log", "a log", { fileName: "../log" })],
      "attachments[0].fileName: must be a file's name",
    ],
    ["there twice", {}, [file("log", "a log"), file("log", "a log")], "attachments: names a reference twice"],
    ["of no media type", {}, [file("log", "a log", { contentType: "text" })], "must be a media type"],
  ])("that are %s are refused, and nothing is changed", async (_, limits, attachments, message) => {
    const { app, defect, filing } = await filingWorld({ limits });
    const error = await errorOf(app.defects.push(defect.id, { attachments }));
    expect(error.code).toBe("invalid-input");
    expect(error.message).toContain(message);
    expect(await app.defects.links(defect.id)).toEqual([]);
    expect(filing.uploads).toBe(0);
  });

  test("that nobody can open or link are refused in words", async () => {
    const world = await createGitHubWorld();
    await addGitHubSource(world);
    const defect = await world.app.defects.create({ projectId: "web", title: "T" });
    const error = await errorOf(world.app.defects.push(defect.id, { attachments: files }));
    expect(error).toMatchObject({ code: "capability-missing", message: expect.stringContaining("`attachmentUrl`") });
  });
});

describe("a file that does not arrive", () => {
  test("is tried again, and given up after a few times: a warning of the link, while the rest is in step", async () => {
    const { app, defect, filing, host, linkNow, pass } = await filingWorld();
    host.contents.delete("log");
    await app.defects.push(defect.id, { attachments: files, waitMs: 0 });
    for (let round = 0; round < 10; round += 1) await pass(61_000);
    expect(await linkNow()).toMatchObject({
      status: "partial",
      field: "attachments",
      message: '"log.txt": The host could not open it: There is no file log.',
      attachments: [{ status: "refused" }, { status: "sent" }],
    });
    expect(host.opened.filter((reference) => reference === "log")).toHaveLength(5);
    host.contents.set("log", "a log");
    const link = await linkNow();
    await app.defects.retry(link?.id ?? "");
    await pass(1_000);
    expect(await linkNow()).toMatchObject({ status: "synced", attachments: [{ status: "sent" }, { status: "sent" }] });
    expect(filing.files).toHaveLength(2);
  });

  test.each(["permanent", "forbidden"] as const)("because the tracker says %s is not tried again", async (failure) => {
    const { app, defect, filing } = await filingWorld();
    filing.faults.push({ failure });
    const link = await app.defects.push(defect.id, { attachments: files });
    expect(link).toMatchObject({ status: "partial", message: `"log.txt": The tracker said ${failure}.` });
    expect(filing.files.map(({ fileName }) => fileName)).toEqual(["shot.png"]);
  });

  test("because the tracker wants us to wait uses up no attempt, and waits", async () => {
    const { app, defect, filing, pass, linkNow } = await filingWorld({ limits: { attachmentAttempts: 1 } });
    filing.faults.push({ failure: "wait" });
    expect((await app.defects.push(defect.id, { attachments: files, waitMs: 10 })).status).toBe("rate-limited");
    await pass(2_000);
    expect(await linkNow()).toMatchObject({ status: "synced" });
    expect(filing.files).toHaveLength(2);
  });

  test("because the host's file is not what it said is given up at once", async () => {
    const { app, defect, host, filing } = await filingWorld();
    host.contents.set("log", "a longer log");
    const link = await app.defects.push(defect.id, { attachments: files });
    expect(link.message).toBe('"log.txt": The file has more than the 5 bytes that were given.');
    host.contents.set("log", "a");
    await app.defects.retry(link.id);
    expect(filing.files).toHaveLength(1);
  });
});

describe("a file whose answer is lost", () => {
  test("is looked for, and not sent again where it has arrived", async () => {
    const { app, defect, filing } = await filingWorld();
    filing.faults.push({ failure: "ambiguous", isApplied: true });
    const link = await app.defects.push(defect.id, { attachments: files });
    expect(link).toMatchObject({ status: "synced", attachments: [{ url: "https://files.example.com/file-1" }, {}] });
    expect([filing.uploads, filing.files.length, filing.lists]).toEqual([2, 2, 1]);
  });

  test("is sent again only once the grace period is over", async () => {
    const { app, defect, filing, pass, linkNow } = await filingWorld({ limits: { createGraceMs: 200_000 } });
    filing.faults.push({ failure: "ambiguous" });
    const link = await app.defects.push(defect.id, { attachments: [files[0] ?? file("log", "")], waitMs: 10 });
    expect(link.attachments[0]?.status).toBe("unknown");
    await pass(60_000);
    expect(filing.uploads).toBe(1);
    for (let round = 0; round < 4; round += 1) await pass(60_000);
    expect(filing.uploads).toBe(2);
    expect(await linkNow()).toMatchObject({ status: "synced", attachments: [{ status: "sent" }] });
  });

  test("is a warning where the tracker lists no files; a person decides", async () => {
    const { app, defect, filing, linkNow } = await filingWorld({ canList: false });
    filing.faults.push({ failure: "ambiguous", isApplied: true });
    const link = await app.defects.push(defect.id, { attachments: files });
    expect(link).toMatchObject({ status: "partial", attachments: [{ status: "refused" }, { status: "sent" }] });
    expect(link.message).toContain("the tracker cannot be asked for it");
    expect(filing.files).toHaveLength(2);
    expect((await linkNow())?.attachments[0]?.reason).toContain("retry the link");
  });

  test("is not taken for another of the same name", async () => {
    const { app, defect, filing, pass, linkNow } = await filingWorld({ limits: { createGraceMs: 50_000 } });
    const twin = file("shot", "a picture", { fileName: "log.txt", sizeBytes: 9 });
    filing.faults.push({ failure: "ambiguous" });
    await app.defects.push(defect.id, { attachments: [file("log", "a log"), twin], waitMs: 10 });
    for (let round = 0; round < 3; round += 1) await pass(61_000);
    expect((await linkNow())?.status).toBe("synced");
    expect(filing.files.map(({ content }) => content).sort()).toEqual(["a log", "a picture"]);
  });
});

describe("where the tracker takes no files", () => {
  const attachmentUrl: NonNullable<GitHubWorldOptions["attachmentUrl"]> = ({ attachment }) =>
    `https://tests.example.com/files/${attachment.reference}`;

  async function linkingWorld(url = attachmentUrl) {
    const world = await createGitHubWorld({ attachmentUrl: url });
    await addGitHubSource(world);
    const defect = await world.app.defects.create({ projectId: "web", title: "Total is wrong", description: "Look." });
    const body = () => world.github.issue("acme/web", 1)?.body ?? "";
    return { ...world, defect, body };
  }

  test("a link to each stands in the issue from the beginning", async () => {
    const { app, defect, body } = await linkingWorld();
    const link = await app.defects.push(defect.id, { attachments: files });
    expect(link).toMatchObject({ status: "synced", attachments: [{ by: "link", status: "sent" }, { status: "sent" }] });
    expect(body()).toContain(
      "Attached: [log.txt](<https://tests.example.com/files/log>), [shot.png](<https://tests.example.com/files/shot>)",
    );
  });

  test("a later one is added to the block in place: what people wrote around it stays, and nothing comes back", async () => {
    const world = await linkingWorld();
    const { app, defect, github, body, time } = world;
    await app.defects.push(defect.id, { attachments: [files[0] ?? file("log", "")] });
    const edited = `Above.\n\n${body()}\n\nBelow.`;
    github.as("lena").editIssue("acme/web", 1, { body: edited });
    await time.advance(2_000);
    const link = await app.defects.push(defect.id, { attachments: files, waitMs: 10 });
    await settle(world);
    expect((await app.defects.link(link.id)).status).toBe("synced");
    expect(body()).toMatch(/^Above\..*Attached: \[log\.txt\]\(<.*>\), \[shot\.png\].*Below\.$/s);
    expect((await app.defects.get(defect.id)).description).toBe("Above.\n\nLook.\n\nBelow.");
    const mark = github.requestCount();
    await settle(world);
    await app.defects.push(defect.id, { attachments: files });
    expect(github.requestCount()).toBe(mark);
    const conflicts = (await app.activity.list({ defectId: defect.id })).items.filter(
      ({ type }) => type === "conflict-recorded",
    );
    expect(conflicts).toEqual([]);
  });

  test("one without an address is a warning", async () => {
    const { app, defect, github } = await linkingWorld(() => null);
    expect(await app.defects.push(defect.id, { attachments: files })).toMatchObject({
      status: "partial",
      message: '"log.txt": The host\'s `attachmentUrl` gives no address for the file.',
    });
    expect(github.requests.filter(({ method }) => method === "PATCH")).toEqual([]);
  });

  test("a name in the block notifies nobody", async () => {
    const { app, defect, body } = await linkingWorld();
    await app.defects.push(defect.id, { attachments: [file("log", "a log", { fileName: "@lena.txt" })] });
    expect(body()).not.toContain("[@lena");
  });
});

describe("a host whose functions do what they should not", () => {
  const bytes = () => ReadableStream.from([Buffer.from("a log")]) as ReadableStream<Uint8Array>;
  const readByOther = () => {
    const stream = bytes();
    stream.getReader();
    return stream;
  };
  test.each<[string, () => unknown, string]>([
    ["nothing", () => undefined, "no unread ReadableStream"],
    ["a buffer", () => Buffer.from("a log"), "no unread ReadableStream"],
    ["a stream that somebody else reads", readByOther, "no unread ReadableStream"],
    ["a stream of text", () => ReadableStream.from(["a log"]), "must give bytes"],
  ])("a file that opens as %s is given up, and nothing else waits for it", async (_, opened, words) => {
    const attachments = { open: async () => opened() as ReadableStream<Uint8Array> };
    const { app, defect, filing, linkNow, pass, github, errors } = await filingWorld({ attachments });
    await app.defects.push(defect.id, { attachments: [file("log", "a log")], waitMs: 0 });
    for (let turn = 0; turn < 6; turn += 1) await pass(300_000);
    expect(await linkNow()).toMatchObject({ status: "partial", issue: { key: "acme/web#1" } });
    expect((await linkNow())?.attachments).toMatchObject([
      { status: "refused", reason: expect.stringContaining(words) },
    ]);
    expect([filing.files.length, github.issues("acme/web").length, errors]).toEqual([0, 1, []]);
  });

  test.each<[string, () => unknown, string]>([
    [
      "throws",
      () => {
        throw new Error("no such shelf");
      },
      "no such shelf",
    ],
    ["gives an object", () => ({}), "no absolute http or https address"],
    ["gives a script", () => "javascript:alert(1)", "no absolute http or https address"],
    ["gives a promise", async () => "https://tests.example.com/log", "no absolute http or https address"],
  ])("where `attachmentUrl` %s, the file is given up, and the issue is made all the same", async (_, url, words) => {
    const world = await createGitHubWorld({ attachmentUrl: url as () => string });
    await addGitHubSource(world);
    const defect = await world.app.defects.create({ projectId: "web", title: "Total is wrong" });
    const link = await world.app.defects.push(defect.id, { attachments: [file("log", "a log")], waitMs: 0 });
    await poll(world, 2);
    const now = await world.app.defects.link(link.id);
    expect(now).toMatchObject({ status: "partial", issue: { key: "acme/web#1" } });
    expect(now.attachments).toMatchObject([{ status: "refused", url: null, reason: expect.stringContaining(words) }]);
    expect(world.github.issue("acme/web", 1)?.body).not.toContain("Attached");
    expect(world.errors).toEqual([]);
  });
});
