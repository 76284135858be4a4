import type { Form } from "@backref/core/provider";
import { zodForm } from "@backref/provider-kit";
import { z } from "zod";
import { parseBoard } from "./keys.ts";

export interface NookAuth {
  readonly token: string;
}

/** There is nothing to choose; a source keeps an empty object. */
export type NookOptions = Readonly<Record<string, never>>;

const authSchema = z.strictObject({
  token: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]+$/, "Paste the token as Nook shows it: one line without spaces.")
    .meta({ title: "Token", writeOnly: true }),
});

const containerSchema = z
  .string()
  .transform((text, context) => {
    const board = parseBoard(text);
    if (board !== null) return board;
    context.addIssue({ code: "custom", message: "Give the board's name, for example WEB." });
    return z.NEVER;
  })
  .meta({ title: "Board", examples: ["WEB"] });

export const authForm: Form<NookAuth> = zodForm<NookAuth>(authSchema);
export const optionsForm: Form<NookOptions> = zodForm<NookOptions>(z.strictObject({}));
export const containerForm: Form<string> = zodForm<string>(containerSchema);
