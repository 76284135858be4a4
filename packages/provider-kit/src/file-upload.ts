import type { Random, UploadRequest } from "@backref/core/provider";

/** A file, and the part of the form it goes into. */
export interface FileUploadOptions {
  /** Name of the part, for example `file`. */
  readonly partName: string;
  readonly file: Pick<UploadRequest, "fileName" | "contentType" | "sizeBytes" | "content">;
  /** For the boundary between parts: `call.random`. */
  readonly random: Random;
}

/** What belongs to a `fetch` that sends a form with one file. */
export interface FileUpload {
  readonly headers: { readonly "content-type": string; readonly "content-length": string };
  readonly body: ReadableStream<Uint8Array>;
  /** What `fetch` wants to be told of a body that is a stream. */
  readonly duplex: "half";
}

/** A name as it stands in a header of a form: as browsers write it (HTML standard, multipart/form-data). */
function quoted(name: string): string {
  const escapes: Readonly<Record<string, string>> = { '"': "%22", "\r": "%0D", "\n": "%0A" };
  return `"${name.replace(/["\r\n]/g, (character) => escapes[character] ?? "")}"`;
}

/**
 * A file as `multipart/form-data`, streamed: its content is read as it is sent. The length of the whole is known beforehand,
 * since some servers take no form without it. An error of the content is an error of the body.
 */
export function fileUpload({ partName, file, random }: FileUploadOptions): FileUpload {
  const boundary = `backref-${Buffer.from(random.bytes(18)).toString("hex")}`;
  const encoder = new TextEncoder();
  const head = encoder.encode(
    `--${boundary}\r\ncontent-disposition: form-data; name=${quoted(partName)}; filename=${quoted(file.fileName)}\r\ncontent-type: ${file.contentType.replace(/[\r\n]/g, "")}\r\n\r\n`,
  );
  const tail = encoder.encode(`\r\n--${boundary}--\r\n`);
  async function* parts(): AsyncGenerator<Uint8Array> {
    yield head;
    for await (const chunk of file.content) yield chunk;
    yield tail;
  }
  return {
    headers: {
      "content-type": `multipart/form-data; boundary=${boundary}`,
      "content-length": String(head.byteLength + file.sizeBytes + tail.byteLength),
    },
    body: ReadableStream.from(parts()) as ReadableStream<Uint8Array>,
    duplex: "half",
  };
}
