import type { Form } from "@backref/core/provider";
import { zodForm } from "@backref/provider-kit";
import { z } from "zod";
import { readPrivateKey } from "./app-key.ts";
import { parseContainer } from "./keys.ts";
import type { GitHubAuth, GitHubOptions } from "./types.ts";

const tokenSchema = z
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
  .meta({ title: "Personal access token" });

/** Ids of digits come as numbers from configuration files. */
const asText = (value: unknown) => (typeof value === "number" ? String(value) : value);

const appSchema = z
  .strictObject({
    type: z.literal("app").meta({ title: "Kind" }),
    appId: z
      .preprocess(
        asText,
        z
          .string()
          .trim()
          .regex(/^[\w.-]+$/, "Give the App ID or the Client ID, as the app's settings show them."),
      )
      .meta({ type: "string", title: "App ID or client ID", description: "On the page of the app's settings." }),
    privateKey: z
      .string()
      .transform((text, context) => {
        const read = readPrivateKey(text);
        if (read.ok) return read.pem;
        context.addIssue({ code: "custom", message: read.problem });
        return z.NEVER;
      })
      .meta({
        title: "Private key",
        description: "The .pem file that the app's settings generate. Line ends may be written as \\n.",
        writeOnly: true,
      }),
    installationId: z
      .preprocess(
        (value) => (typeof value === "string" ? value.replace(/^.*\/installations\/(\d+)\/?$/, "$1") : asText(value)),
        z
          .string()
          .trim()
          .refine((text) => /^[1-9]\d*$/.test(text), {
            error: "Give the number at the end of the address of the installation's settings.",
          }),
      )
      .meta({
        type: "string",
        title: "Installation ID",
        description: "The number at the end of the address of the installation's settings, or that address.",
      }),
  })
  .meta({ title: "GitHub App" });

const authSchema = z.discriminatedUnion("type", [tokenSchema, appSchema]).meta({ title: "GitHub access" });

const optionsSchema = z
  .strictObject({
    webUrl: z
      .url({ protocol: /^https?$/, error: "Give an http or https URL, for example https://github.example.com." })
      .max(2_000)
      .refine((url) => !/[?#]/.test(url), { error: "Leave out everything from ? or # on: issues' paths are added." })
      .transform((url) => url.replace(/\/+$/, ""))
      .nullable()
      .default(null)
      .meta({
        title: "Web address",
        description: "Where people read issues. Only needed where it cannot be derived from the API's address.",
      }),
    priorityField: z
      .string()
      .trim()
      .min(1, "Give the field's name, for example Priority.")
      .nullable()
      .default(null)
      .meta({
        title: "Priority field",
        description:
          "Name of the organization's issue field that holds the priority, such as Priority. Where it is empty, labels hold it.",
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
