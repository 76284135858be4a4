import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fileUpload } from "../src/index.ts";

/** A server that answers with what a standard parser of forms makes of the request. */
const server = createServer(async (request, response) => {
  try {
    const init = { method: "POST", headers: request.headers as Record<string, string>, body: request, duplex: "half" };
    const parsed = new Request("http://host.example", init as unknown as RequestInit);
    const part = (await parsed.formData()).get("file");
    if (!(part instanceof File)) throw new Error("no file");
    const facts = { name: part.name, type: part.type, text: await part.text() };
    response.end(JSON.stringify({ ...facts, length: request.headers["content-length"] }));
  } catch (error) {
    response.statusCode = 400;
    response.end(String(error));
  }
});
let url = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const random = { bytes: (length: number) => new Uint8Array(length).fill(7) };
const streamOf = (text: string) => new Blob([text]).stream() as ReadableStream<Uint8Array>;

function upload(change: Partial<Parameters<typeof fileUpload>[0]["file"]> = {}) {
  const file = { fileName: "log.txt", contentType: "text/plain", sizeBytes: 5, content: streamOf("a log"), ...change };
  const { headers, body, duplex } = fileUpload({ partName: "file", file, random });
  return fetch(url, { method: "POST", headers, body, duplex } as unknown as RequestInit);
}

test("a file travels as a form, with its length, over a real connection", async () => {
  const facts = (await (await upload()).json()) as { readonly length: string };
  expect(facts).toMatchObject({ name: "log.txt", type: "text/plain", text: "a log" });
  expect(Number(facts.length)).toBeGreaterThan(5);
});

test.each(["Übersicht – 画面.png", "it's (final) & 100%;.txt"])("the name %s arrives", async (fileName) => {
  expect(await (await upload({ fileName })).json()).toMatchObject({ name: fileName });
});

test("a name cannot break out of its header", async () => {
  const fileName = 'a"; name="other"\r\nx-header: 1';
  expect(await (await upload({ fileName })).json()).toMatchObject({
    name: fileName,
    text: "a log",
    type: "text/plain",
  });
});

test("content that breaks off is no request", async () => {
  const content = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error("disk gone")) });
  await expect(upload({ content })).rejects.toThrow();
});

test("content is read as it is sent", async () => {
  let pulled = 0;
  const content = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        pulled += 1;
        if (pulled > 1_000) controller.close();
        else controller.enqueue(new Uint8Array(10));
      },
    },
    { highWaterMark: 0 },
  );
  const file = { fileName: "f", contentType: "a/b", sizeBytes: 10_000, content };
  const { body } = fileUpload({ partName: "file", file, random });
  const reader = body.getReader();
  for (let reads = 0; reads < 3; reads += 1) await reader.read();
  expect(pulled).toBeLessThan(10);
  await reader.cancel();
});
