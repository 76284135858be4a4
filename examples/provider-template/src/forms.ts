import type { Form } from "@backref/core/provider";
import { zodForm } from "@backref/provider-kit";
import { z } from "zod";
import { parseProject } from "./keys.ts";

/** What a source signs in with. A tracker that is only linked to needs nothing: `z.null()`. */
export interface AcmeAuth {
  readonly token: string;
}

export type AcmeOptions = Readonly<Record<string, never>>;

const token = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]+$/, "Paste the token as Acme shows it: one line without spaces.")
  .meta({ title: "Token", writeOnly: true });

const project = z
  .string()
  .transform((text, context) => {
    const key = parseProject(text);
    if (key !== null) return key;
    context.addIssue({ code: "custom", message: "Give the project's key, for example WEB." });
    return z.NEVER;
  })
  .meta({ title: "Project", examples: ["WEB"] });

export const authForm: Form<AcmeAuth> = zodForm<AcmeAuth>(z.strictObject({ token }));
export const optionsForm: Form<AcmeOptions> = zodForm<AcmeOptions>(z.strictObject({}));
export const containerForm: Form<string> = zodForm<string>(project);
