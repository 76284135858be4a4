import type { RemoteAttachment } from "../../src/provider/groups/attachments.ts";
import { type Provider, ProviderError } from "../../src/provider/index.ts";
import { type createGitHubWorld, provider as github } from "./github-world.ts";

type Failure = ProviderError["failure"];

/** What happens to the next upload: it fails, before or after the tracker has taken the file. */
export interface UploadFault {
  readonly failure: Failure;
  readonly isApplied?: boolean;
}

/** Files at a tracker, and what goes wrong there. */
export interface Filing {
  readonly files: (RemoteAttachment & { readonly content: string; readonly contentType: string })[];
  readonly faults: UploadFault[];
  /** What every list fails with. */
  listFailure: Failure | null;
  uploads: number;
  lists: number;
  /** Runs when an upload has begun, before anything is taken. */
  onUpload: () => Promise<unknown> | undefined;
}

export function createFiling(): Filing {
  return { files: [], faults: [], listFailure: null, uploads: 0, lists: 0, onUpload: () => undefined };
}

const error = (failure: Failure, operation: string) =>
  new ProviderError({
    failure,
    providerId: "github",
    operation,
    message: `The tracker said ${failure}.`,
    retryAfterMs: 1_000,
  });

async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** GitHub, were it a tracker that takes files. @param canList without, a lost answer stays lost */
export function withFiling(filing: Filing, now: () => number, canList = true): typeof github {
  const filed: Provider<"github", never, never> = {
    ...(github as unknown as Provider<"github", never, never>),
    attachments: {
      async upload(_call, { fileName, contentType, sizeBytes, content }) {
        filing.uploads += 1;
        await filing.onUpload();
        const fault = filing.faults.shift();
        if (fault !== undefined && fault.isApplied !== true) throw error(fault.failure, "attachment.upload");
        let text: string;
        try {
          text = await textOf(content);
        } catch (cause) {
          throw new ProviderError({
            failure: "ambiguous",
            providerId: "github",
            operation: "attachment.upload",
            message: "Broke off.",
            cause,
          });
        }
        const remoteId = `file-${filing.files.length + 1}`;
        const url = `https://files.example.com/${remoteId}`;
        filing.files.push({
          remoteId,
          url,
          fileName,
          contentType,
          sizeBytes,
          author: null,
          createdAt: now(),
          content: text,
        });
        if (fault !== undefined) throw error(fault.failure, "attachment.upload");
        return { remoteId, url };
      },
      ...(canList
        ? {
            async list() {
              filing.lists += 1;
              if (filing.listFailure !== null) throw error(filing.listFailure, "attachment.list");
              return filing.files;
            },
          }
        : {}),
    },
  };
  return filed as unknown as typeof github;
}

/** The host's files, by reference, and what becomes of opening them. */
export interface HostFiles {
  readonly contents: Map<string, string>;
  opened: string[];
  failing: Error | null;
}

export function createHostFiles(contents: Readonly<Record<string, string>>): HostFiles {
  return { contents: new Map(Object.entries(contents)), opened: [], failing: null };
}

export function openerOf(host: HostFiles): {
  open(file: { readonly reference: string }): Promise<ReadableStream<Uint8Array>>;
} {
  return {
    async open({ reference }) {
      host.opened.push(reference);
      if (host.failing !== null) throw host.failing;
      const text = host.contents.get(reference);
      if (text === undefined) throw new Error(`There is no file ${reference}.`);
      return ReadableStream.from([Buffer.from(text)]) as ReadableStream<Uint8Array>;
    },
  };
}

export type FilingWorld = Awaited<ReturnType<typeof createGitHubWorld>>;
