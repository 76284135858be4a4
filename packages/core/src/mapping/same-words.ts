import { canonicalText } from "./canonical-text.ts";

/** A link whose words are its own address, as some trackers make of an address in a text. */
const ownAddress = /\[([^\]\n]{1,500})\]\(<?([^)>\n]{1,2000})>?\)/g;

/** Letters and digits in their order: without marks, numbers of lists, boxes, entities and space. */
function wordsOf(text: string): string {
  return text
    .replace(ownAddress, (whole, label: string, target: string) => {
      const words = label.replaceAll("\\", "");
      return target.replaceAll("\\", "").endsWith(words) ? words : whole;
    })
    .replace(/^[ \t>]*(?:[-+*]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t])?/gm, "")
    .replace(/&(?:amp|lt|gt|quot|nbsp|#39|#x27);/gi, "")
    .replace(/[^\p{L}\p{N}]+/gu, "");
}

/** True where two Markdown texts say the same, whatever marks and space stand around their words. */
export function sameWords(a: string, b: string): boolean {
  const words = wordsOf(a);
  return words === "" ? canonicalText(a) === canonicalText(b) : words === wordsOf(b);
}
