import { createNames, optionsForm } from "./options.ts";
import { parseUrlTemplate } from "./url-template.ts";

/** What a browser, and what stands between it and a tracker, surely takes. */
const longestUrl = 8_000;

/** What people find filled in; what is absent is left empty. */
export interface NewIssue {
  readonly container?: string;
  readonly title?: string;
  /** Cut off where the URL would become longer than 8,000 characters. */
  readonly description?: string;
}

/**
 * Where people write a new issue by hand: the source's create URL template, filled in. Null where it has none.
 * @param source as `sources.get` gives it
 * @throws TypeError for options of another provider's source
 */
export function newIssueUrl(
  source: { readonly baseUrl: string; readonly options: unknown },
  { container = "", title = "", description = "" }: NewIssue,
): string | null {
  const options = optionsForm.parse(source.options);
  if (!options.ok) throw new TypeError("newIssueUrl needs a source of the provider url-template.");
  const { createUrlTemplate } = options.value;
  if (createUrlTemplate === null) return null;
  const template = parseUrlTemplate(createUrlTemplate, source.baseUrl, createNames);
  const fill = (text: string) => template.fill({ container, title, description: text });
  return fill(longestBeginning(description, (text) => fill(text).length <= longestUrl));
}

function longestBeginning(text: string, fits: (text: string) => boolean): string {
  if (fits(text)) return text;
  const characters = [...text.slice(0, longestUrl)];
  let [least, most] = [0, characters.length];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (fits(characters.slice(0, middle).join(""))) least = middle;
    else most = middle - 1;
  }
  return characters.slice(0, least).join("");
}
