import type { JsonObject } from "../../domain/json.ts";
import { BackrefError } from "../../errors/backref-error.ts";
import { checkValues } from "../../forms/check-values.ts";
import { fieldWords, mergeFields, missingFields } from "../../forms/missing-fields.ts";
import { invalidInput } from "../../input/parse-input.ts";
import type { SourceRow, TargetRow } from "../../storage/rows/source-rows.ts";
import type { ServiceContext } from "../service-context.ts";
import { type LoadedForm, loadForm } from "./load-form.ts";
import { withOwnFields } from "./own-fields.ts";

/** A form to check against; null where nobody can be asked now, so that the tracker has to judge. */
async function knownForm(
  { runtime, scope }: ServiceContext,
  place: { readonly source: SourceRow; readonly target: TargetRow },
): Promise<LoadedForm | null> {
  try {
    return await loadForm(runtime, scope, place);
  } catch (error) {
    // A tracker in trouble is a status of the link, never a reason to refuse a push.
    const isTrackers =
      BackrefError.isInstance(error) && (error.code.startsWith("tracker-") || error.code === "credentials-missing");
    if (isTrackers) return null;
    throw error;
  }
}

/**
 * Checks what is given for a new issue, with the target's defaults beneath it, against the form.
 * @throws BackrefError `invalid-input` that names each field
 */
export async function checkPushValues(
  context: ServiceContext,
  place: { readonly source: SourceRow; readonly target: TargetRow },
  given: JsonObject,
): Promise<void> {
  const form = await knownForm(context, place);
  if (form === null) return;
  const fields = withOwnFields(form.fields);
  const { defaults } = place.target;
  const issues = checkValues(fields, given).map(({ path, message }) => ({ path: ["fields", ...path], message }));
  const missing = missingFields(fields, mergeFields(defaults, given)).map((field) => ({
    path: ["fields", field.id],
    message: `${fieldWords(field)} is required by the tracker`,
  }));
  if (issues.length + missing.length > 0) throw invalidInput("push options", [...issues, ...missing]);
}
