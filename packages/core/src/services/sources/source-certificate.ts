import { certificateFacts } from "../../security/ca-certificate.ts";
import type { SourceRow } from "../../storage/rows/source-rows.ts";
import type { SourceCertificate } from "../sources-types.ts";
import { endInWords } from "./end-in-words.ts";

/** The certificate authorities of a source, as those see them who may change it. */
export function certificateView(
  { caCertificate }: Pick<SourceRow, "caCertificate">,
  { now, warningMs }: { readonly now: number; readonly warningMs: number },
): SourceCertificate | null {
  if (caCertificate === null) return null;
  const facts = certificateFacts(caCertificate).toSorted((left, right) => left.expiresAt - right.expiresAt);
  const subjects = facts.map(({ subject }) => subject);
  const expiresAt = facts[0]?.expiresAt ?? Number.POSITIVE_INFINITY;
  const isNear = expiresAt - now <= warningMs;
  const warning = `The CA certificate "${subjects[0]}" ${endInWords(expiresAt, now)}. Enter its successor with sources.update(id, { caCertificate }).`;
  return { pem: caCertificate, subjects, expiresAt, warning: isNear ? warning : null };
}
