import assert from "node:assert/strict";
import type { IssueAddress, RemoteAttachment, UploadRequest } from "@backref/core/provider";
import type { Rule } from "../../rule.ts";
import { open, readAddress } from "../actions.ts";
import { able, type ProviderContext, settle } from "../context.ts";
import { defineRules, groupOf } from "../define-rules.ts";
import { failureOf } from "../failures.ts";
import { missingIssue } from "../operations.ts";
import { sampleBytes, streamOf, uploadRequest } from "../sample-file.ts";

/** An issue to add files to. */
async function fresh(context: ProviderContext): Promise<{ readonly item: string; readonly issue: IssueAddress }> {
  const item = await open(context);
  return { item, issue: await readAddress(context, item) };
}

async function upload(context: ProviderContext, issue: IssueAddress, changes: Partial<UploadRequest> = {}) {
  const answer = await groupOf(context, "attachments").upload(context.call(), uploadRequest(issue, changes));
  assert.ok(typeof answer?.remoteId === "string" && answer.remoteId !== "", "upload answers with { remoteId, url }");
  assert.ok(answer.url === null || /^https?:\/\//.test(answer.url), `the file's url is ${answer.url}`);
  return answer;
}

async function listed(context: ProviderContext, issue: IssueAddress): Promise<readonly RemoteAttachment[]> {
  await settle(context);
  const files = await groupOf(context, "attachments").list?.(context.call(), { issue });
  assert.ok(Array.isArray(files), "attachments.list answers with a list");
  return files;
}

const withoutList = ({ provider }: ProviderContext) =>
  provider.attachments?.list === undefined ? "the provider has no `attachments.list`" : null;

/** Names as people give them to files. */
const names = ["Screenshot 1 (final).png", "Übersicht – 画面.png", 'it\'s "quoted" & 100%;.txt'] as const;

export const attachmentRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/groups/attachments.ts, AttachmentsGroup",
  { groups: ["attachments"] },
  [
    [
      "attachment-uploaded",
      "A file arrives at its issue with its name and type, byte for byte.",
      async (context) => {
        const { item, issue } = await fresh(context);
        const { remoteId } = await upload(context, issue, { fileName: "shot.png", contentType: "image/png" });
        const [file, ...others] = await able(context, "readFiles")(item);
        assert.ok(file !== undefined && others.length === 0, "the issue has one file");
        assert.equal(file.id, remoteId, "the id that upload answered with");
        assert.equal(file.fileName, "shot.png", "fileName");
        if (file.contentType !== null) assert.equal(file.contentType, "image/png", "contentType");
        assert.deepEqual(Buffer.from(file.content), Buffer.from(sampleBytes), "content");
      },
    ],
    [
      "attachment-names",
      "Names may have spaces, quotes and letters of any script; `storedName` tells what becomes of them.",
      async (context) => {
        const { storedName = (name: string) => name } = groupOf(context, "attachments");
        const { item, issue } = await fresh(context);
        for (const fileName of names) await upload(context, issue, { fileName });
        const found = (await able(context, "readFiles")(item)).map(({ fileName }) => fileName.normalize("NFC"));
        assert.deepEqual(
          found,
          names.map((name) => storedName(name)),
          "names at the tracker",
        );
      },
    ],
    [
      "attachment-empty",
      "An empty file is one too, or refused in words.",
      async (context) => {
        const { item, issue } = await fresh(context);
        const nothing = { sizeBytes: 0, content: streamOf(new Uint8Array()) };
        try {
          await upload(context, issue, nothing);
        } catch {
          const again = { ...nothing, content: streamOf(new Uint8Array()) };
          await failureOf(context, "upload of an empty file", () => upload(context, issue, again), "permanent");
          return;
        }
        assert.deepEqual(
          (await able(context, "readFiles")(item)).map(({ content }) => content.byteLength),
          [0],
          "sizes of the files",
        );
      },
    ],
    [
      "attachment-streamed",
      "Content is sent as it comes: it is not collected before the request goes out.",
      async (context) => {
        const { item, issue } = await fresh(context);
        const bytes = new Uint8Array(64 * 16_384).fill(7);
        let pulled = 0;
        const before: number[] = [];
        const { fetch } = context.call();
        const call = context.call({
          fetch: (input, init) => {
            // Others may ask for a place before, and say where it is to show afterwards.
            const body = init?.body ?? (input instanceof Request ? input.body : null);
            if (body instanceof ReadableStream) before.push(pulled);
            return fetch(input, init);
          },
        });
        const content = streamOf(bytes, 16_384, () => {
          pulled += 1;
        });
        const request = uploadRequest(issue, { sizeBytes: bytes.byteLength, content });
        await groupOf(context, "attachments").upload(call, request);
        assert.equal(pulled, 64, "chunks read in all");
        assert.ok(before.length > 0, "no request has a stream for a body");
        const most = Math.max(...before);
        assert.ok(most <= 8, `${most} of 64 chunks were read before the request went out`);
        const [file] = await able(context, "readFiles")(item);
        assert.equal(file?.content.byteLength, bytes.byteLength, "bytes that arrived");
      },
    ],
    [
      "attachment-broken-off",
      "Content that breaks off leaves no file, and is told as a ProviderError.",
      async (context) => {
        const { item, issue } = await fresh(context);
        const content = new ReadableStream<Uint8Array>(
          {
            pull(controller) {
              controller.error(new Error("the host's disk is gone"));
            },
          },
          { highWaterMark: 0 },
        );
        const attempt = () => upload(context, issue, { content });
        await failureOf(context, "upload of a broken stream", attempt, "ambiguous", "retry", "permanent");
        assert.deepEqual(await able(context, "readFiles")(item), [], "files of the issue");
      },
    ],
    [
      "attachment-never-repeats",
      "An upload whose answer is lost is `ambiguous`, and is not sent again.",
      async (context) => {
        const { item, issue } = await fresh(context);
        context.tracker.failNext("lost-after", "write");
        await failureOf(context, "upload, its answer lost,", () => upload(context, issue), "ambiguous");
        assert.ok((await able(context, "readFiles")(item)).length <= 1, "the file is there more than once");
      },
    ],
    [
      "attachment-missing-issue",
      "An issue that does not exist is told.",
      async (context) => {
        const attempt = () => upload(context, missingIssue(context));
        await failureOf(context, "upload to an issue that is not there", attempt, "gone", "forbidden");
      },
    ],
    [
      "attachment-listed",
      "The list shows every file of the issue, oldest first, as upload and tracker know it.",
      async (context) => {
        const { issue } = await fresh(context);
        assert.deepEqual(await listed(context, issue), [], "files of a new issue");
        const before = context.tracker.now();
        const first = await upload(context, issue);
        const second = await upload(context, issue, {
          fileName: names[1],
          sizeBytes: 2,
          content: streamOf(sampleBytes.slice(0, 2)),
        });
        const files = await listed(context, issue);
        assert.deepEqual(
          files.map(({ remoteId }) => remoteId),
          [first.remoteId, second.remoteId],
          "ids",
        );
        const [one, two] = files;
        assert.equal(two?.fileName.normalize("NFC"), names[1], "fileName");
        assert.ok([null, 2].includes(two?.sizeBytes ?? null), `sizeBytes is ${two?.sizeBytes}`);
        const ageMs = (one?.createdAt ?? 0) - before;
        assert.ok(ageMs > -120_000 && ageMs < 600_000, `createdAt is ${ageMs} ms off the tracker's clock`);
        const account = await context.provider.connect?.account(context.call());
        if (one?.author && account !== undefined) assert.equal(one.author.id, account.id, "author");
      },
      { unless: withoutList },
    ],
  ],
);
