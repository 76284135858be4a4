import type { Form } from "@backref/core/provider";
import { zodForm } from "@backref/provider-kit";
import { z } from "zod";
import { parseContainer } from "./keys.ts";
import type { GitHubAuth, GitHubOptions } from "./types.ts";

const authSchema = z
  .strictObject({
    type: z.literal("token").meta({ title: "Kind" }),
    token: z
      .string()
      .trim()
      .regex(/^[\x21-\x7e]+$/, "Paste the token as GitHub shows it: one line without spaces.")
      .meta({
        title: "Personal access token",
        description:
          "Fine-grained: repository permissions Issues (read and write) and Metadata (read). Classic: scope repo, or public_repo for public repositories.",
        writeOnly: true,
      }),
  })
  .meta({ title: "GitHub access" });

const optionsSchema = z
  .strictObject({
    webUrl: z
      .url({ protocol: /^https?$/, error: "Give an http or https URL, for example https://github.example.com." })
      .transform((url) => url.replace(/\/+$/, ""))
      .nullable()
      .default(null)
      .meta({
        title: "Web address",
        description: "Where people read issues. Only needed where it cannot be derived from the API's address.",
      }),
  })
  .prefault({})
  .meta({ title: "GitHub options" });

const containerSchema = z
  .string()
  .transform((text, context) => {
    const container = parseContainer(text);
    if (container !== null) return container;
    context.addIssue({ code: "custom", message: "Give a repository as owner/name, for example acme/web, or its URL." });
    return z.NEVER;
  })
  .meta({ title: "Repository", description: "Owner and name, or the repository's URL.", examples: ["acme/web"] });

export const authForm: Form<GitHubAuth> = zodForm<GitHubAuth>(authSchema);
export const optionsForm: Form<GitHubOptions> = zodForm<GitHubOptions>(optionsSchema);
export const containerForm: Form<string> = zodForm<string>(containerSchema);
