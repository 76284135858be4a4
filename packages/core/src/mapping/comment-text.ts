import { canonicalText } from "./canonical-text.ts";
import { userPartOf } from "./managed-block.ts";
import { restoreText, type TextRules } from "./neutral-text.ts";

/**
 * A tracker's comment as people wrote it, in the form that is compared.
 * @param own whose token's block is cut off; null for a comment that is not known
 */
export function commentText(body: string, own: { readonly token: string } | null, rules: TextRules): string {
  const text = own === null ? body : userPartOf(body, own.token);
  return canonicalText(restoreText(text, rules));
}
