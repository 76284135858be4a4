import { unsentAttachment } from "../../engine/attachment-state.ts";
import { BackrefError, type InputIssue } from "../../errors/index.ts";
import { invalidInput } from "../../input/parse-input.ts";
import { resolveSourceCapabilities } from "../../provider/resolved-capabilities.ts";
import { providerFor } from "../../runtime/source-provider.ts";
import type { LinkAttachment } from "../../storage/rows/link-rows.ts";
import type { SourceRow } from "../../storage/rows/source-rows.ts";
import type { ServiceContext } from "../service-context.ts";
import type { ParsedAttachment } from "./push-input.ts";

/** Files go to the tracker where that can be, else an address of the host's goes into the issue. */
function wayOf({ runtime }: ServiceContext, source: SourceRow): LinkAttachment["by"] {
  const provider = providerFor(runtime, source);
  const takesFiles = provider.attachments !== undefined;
  if (takesFiles && runtime.attachments !== null) return "upload";
  if (runtime.attachmentUrl !== null) return "link";
  const { name } = provider.describe();
  throw new BackrefError({
    code: "capability-missing",
    message: takesFiles
      ? "Files are sent by the option `attachments: { open }` of createBackref, which was not given."
      : `${name} takes no files. Give createBackref the option \`attachmentUrl\`, and a link stands in the issue instead.`,
    providerId: provider.id,
    operation: "defect.push",
  });
}

const megabytes = (bytes: number) => `${Math.round(bytes / 10_000) / 100} MB`;

/**
 * The files of a link with those that are given, each reference once.
 * @throws BackrefError `invalid-input` that names the file, `capability-missing`
 */
export function withAttachments(
  context: ServiceContext,
  source: SourceRow,
  known: readonly LinkAttachment[],
  given: readonly ParsedAttachment[],
): readonly LinkAttachment[] {
  const { runtime } = context;
  const { attachmentCount, attachmentBytes, attachmentTotalBytes } = runtime.limits;
  const added = given.filter(({ reference }) => known.every((file) => file.reference !== reference));
  if (added.length === 0) return known;
  const by = wayOf(context, source);
  const { attachmentMaxBytes } = resolveSourceCapabilities(providerFor(runtime, source), source.options);
  const most = Math.min(attachmentBytes, attachmentMaxBytes ?? Number.POSITIVE_INFINITY);
  const issues: InputIssue[] = given.flatMap(({ fileName, sizeBytes }, index) =>
    by === "upload" && sizeBytes > most
      ? [
          {
            path: ["attachments", index, "sizeBytes"],
            message: `"${fileName}" has ${megabytes(sizeBytes)}; at most ${megabytes(most)} are taken`,
          },
        ]
      : [],
  );
  const all = [
    ...known,
    ...added.map((file): LinkAttachment => ({ ...file, id: runtime.ids.id(), by, ...unsentAttachment })),
  ];
  if (all.length > attachmentCount) {
    issues.push({ path: ["attachments"], message: `a link has at most ${attachmentCount} files` });
  }
  const uploaded = all.filter((file) => file.by === "upload").reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (uploaded > attachmentTotalBytes) {
    const message = `the files of a link have at most ${megabytes(attachmentTotalBytes)} together, not ${megabytes(uploaded)}`;
    issues.push({ path: ["attachments"], message });
  }
  if (issues.length > 0) throw invalidInput("push options", issues);
  return all;
}
