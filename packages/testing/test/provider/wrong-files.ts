import { ProviderError, type UploadRequest } from "@backref/core/provider";
import { withFields } from "./wrong-lookups.ts";
import type { SoundProvider, WrongProvider } from "./wrong-provider.ts";

type Upload = SoundProvider["attachments"]["upload"];
type List = NonNullable<SoundProvider["attachments"]["list"]>;

function withUpload(sound: SoundProvider, upload: Upload): SoundProvider {
  return { ...sound, attachments: { ...sound.attachments, upload } };
}

function withRequest(sound: SoundProvider, change: (request: UploadRequest) => UploadRequest): SoundProvider {
  return withUpload(sound, (call, request) => sound.attachments.upload(call, change(request)));
}

function withList(sound: SoundProvider, change: (files: Awaited<ReturnType<List>>) => Awaited<ReturnType<List>>) {
  const { list } = sound.attachments;
  if (list === undefined) throw new TypeError("It lists.");
  const changed: List = async (call, request) => change(await list(call, request));
  return { ...sound, attachments: { ...sound.attachments, list: changed } };
}

async function collected(content: UploadRequest["content"]): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Uint8Array.from(Buffer.concat(chunks));
}

const streamOf = (bytes: Uint8Array<ArrayBuffer>) => new Blob([bytes]).stream();

export const wrongFiles: readonly WrongProvider[] = [
  {
    mistake: "calls every file by one name",
    caughtBy: "attachment-uploaded",
    wrap: (sound) => withRequest(sound, (request) => ({ ...request, fileName: "attachment" })),
  },
  {
    mistake: "sends files as text",
    caughtBy: "attachment-uploaded",
    wrap: (sound) =>
      withUpload(sound, async (call, request) => {
        const text = new TextDecoder().decode(await collected(request.content));
        return sound.attachments.upload(call, { ...request, content: streamOf(Uint8Array.from(Buffer.from(text))) });
      }),
  },
  {
    mistake: "takes everything out of names that is no ASCII letter",
    caughtBy: "attachment-names",
    wrap: (sound) =>
      withRequest(sound, (request) => ({ ...request, fileName: request.fileName.replace(/[^\w. ]/g, "_") })),
  },
  {
    mistake: "drops empty files without a word",
    caughtBy: "attachment-empty",
    wrap: (sound) =>
      withUpload(sound, async (call, request) =>
        request.sizeBytes === 0 ? { remoteId: "0", url: null } : sound.attachments.upload(call, request),
      ),
  },
  {
    mistake: "collects a file before it sends it",
    caughtBy: "attachment-streamed",
    wrap: (sound) =>
      withUpload(sound, async (call, request) => {
        let bytes: Uint8Array<ArrayBuffer>;
        try {
          bytes = await collected(request.content);
        } catch (cause) {
          const operation = "attachment.upload";
          throw new ProviderError({
            failure: "retry",
            providerId: "gitea",
            operation,
            message: "It broke off.",
            cause,
          });
        }
        return sound.attachments.upload(call, { ...request, content: streamOf(bytes) });
      }),
  },
  {
    mistake: "sends what it has of a file that breaks off",
    caughtBy: "attachment-broken-off",
    wrap: (sound) =>
      withUpload(sound, async (call, request) => {
        const bytes = await collected(request.content).catch(() => new Uint8Array());
        return sound.attachments.upload(call, { ...request, content: streamOf(bytes) });
      }),
  },
  {
    mistake: "sends a file again when its answer is lost",
    caughtBy: "attachment-never-repeats",
    wrap: (sound) =>
      withUpload(sound, async (call, request) => {
        const [content, again] = request.content.tee();
        return sound.attachments
          .upload(call, { ...request, content })
          .catch(() => sound.attachments.upload(call, { ...request, content: again }));
      }),
  },
  {
    mistake: "says of a file for an issue that is not there that it has arrived",
    caughtBy: "attachment-missing-issue",
    wrap: (sound) =>
      withUpload(sound, (call, request) =>
        sound.attachments.upload(call, request).catch((error: ProviderError) => {
          if (error.failure !== "gone") throw error;
          return { remoteId: "1", url: null };
        }),
      ),
  },
  {
    mistake: "lists the newest file first",
    caughtBy: "attachment-listed",
    wrap: (sound) => withList(sound, (files) => files.toReversed()),
  },
  {
    mistake: "does not show that a field is required",
    caughtBy: "form-required-shown",
    wrap: (sound) => withFields(sound, (field) => ({ ...field, required: false })),
  },
  {
    mistake: "names a field otherwise than its form when the tracker requires it",
    caughtBy: "form-required-refused",
    wrap: (sound) => ({
      ...sound,
      create: {
        ...sound.create,
        create: (call, request) =>
          sound.create.create(call, request).catch((error: ProviderError) => {
            if (error.failure !== "permanent") throw error;
            const { failure, operation = "", providerId = "", message } = error;
            throw new ProviderError({ failure, operation, providerId, message, field: "Milestone" });
          }),
      },
    }),
  },
  {
    mistake: "offers values of a required field that the tracker does not know",
    caughtBy: "form-required-given",
    wrap: (sound) =>
      withFields(sound, (field) => ({
        ...field,
        allowedValues: field.allowedValues?.map(({ name }) => ({ id: `no-${name}`, name })) ?? null,
      })),
  },
];
