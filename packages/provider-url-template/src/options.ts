import type { Form } from "@backref/core/provider";
import { zodForm } from "@backref/provider-kit";
import { z } from "zod";
import { parseIssueUrl } from "./issue-url.ts";
import { parseKeyPattern } from "./key-pattern.ts";
import { OptionProblem } from "./option-problem.ts";
import { createNames } from "./site.ts";
import type { UrlTemplateOptions } from "./types.ts";
import { parseUrlTemplate } from "./url-template.ts";

/** Stands for the source's base URL, which no form knows; templates below it are the same below any. */
const anyBaseUrl = "https://tracker.example";

const defaultKeyPattern: string = "#?(?<item>[1-9][0-9]*)";

const template = z.string().trim().max(1_000);

const optionsSchema = z
  .strictObject({
    issueUrlTemplate: template
      .min(1, "Give the URL of an issue with {item} in the place of its number, such as /show_bug.cgi?id={item}.")
      .meta({
        title: "Issue URL template",
        description:
          "Where people read an issue. Begins with / (below the base URL) or https://. {item} or {key} stands for the issue, {container} for where it lives.",
        examples: ["/show_bug.cgi?id={item}", "https://tracker.example.com/browse/{key}"],
      }),
    createUrlTemplate: template
      .transform((text) => (text === "" ? null : text))
      .nullable()
      .default(null)
      .meta({
        title: "Create URL template",
        description:
          "Where people write a new issue. {container}, {title} and {description} are filled in; all may be left out.",
        examples: ["/enter_bug.cgi?product={container}&short_desc={title}&comment={description}"],
      }),
    keyPattern: z
      .string()
      .trim()
      .min(1, "Give a regular expression, or leave it out for numbers.")
      .max(200)
      .default(defaultKeyPattern)
      .meta({
        title: "Key pattern",
        description:
          "How a whole key looks, as a regular expression (RE2 syntax). (?<item>…) is what distinguishes an issue, (?<container>…) where it lives; without groups the whole key is the item. Outside of the groups stands what is the same in every key.",
        examples: [defaultKeyPattern, "(?<container>[A-Z][A-Z0-9_]*)-(?<item>[0-9]+)"],
      }),
    keyCase: z.enum(["as-is", "upper", "lower"]).default("as-is").meta({
      title: "Case of keys",
      description: "upper or lower: keys are read in either case and written in this one. as-is: case matters.",
    }),
    hostAliases: z
      .array(z.string().trim().max(500).transform(parseHost))
      .max(20)
      .default([])
      .meta({ title: "Other hosts", description: "Hosts that pasted URLs may have besides the template's own." }),
  })
  .superRefine((options, context) => {
    let place = "keyPattern";
    try {
      const key = parseKeyPattern(options.keyPattern, options.keyCase);
      place = "issueUrlTemplate";
      parseIssueUrl(options.issueUrlTemplate, anyBaseUrl, key);
      place = "createUrlTemplate";
      if (options.createUrlTemplate !== null) parseUrlTemplate(options.createUrlTemplate, anyBaseUrl, createNames);
    } catch (error) {
      if (!(error instanceof OptionProblem)) throw error;
      context.addIssue({ code: "custom", path: [place], message: error.message });
    }
  })
  .meta({ title: "URL templates" });

function parseHost(text: string, context: z.RefinementCtx): string {
  const absolute = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  const url = URL.canParse(absolute) ? new URL(absolute) : null;
  if (url !== null && `${url.pathname}${url.search}${url.hash}` === "/" && url.username === "") return url.host;
  context.addIssue({ code: "custom", message: "Give a host such as bugs.example.com, with port if it has one." });
  return z.NEVER;
}

const containerSchema = z
  .string()
  .trim()
  .min(1, "Give the container as keys and URLs write it.")
  .max(255)
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), "It must not contain control characters.")
  .meta({ title: "Container", description: "As keys and URLs write it.", examples: ["PROJ", "acme/web"] });

export const authForm: Form<null> = zodForm<null>(z.null().meta({ title: "No credential" }));
export const optionsForm: Form<UrlTemplateOptions> = zodForm<UrlTemplateOptions>(optionsSchema);
export const containerForm: Form<string> = zodForm<string>(containerSchema);
