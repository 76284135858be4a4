import type { Mechanism } from "../mechanism.ts";
import { adoptionMechanisms } from "./adoption.ts";
import { answerMechanisms } from "./answers.ts";
import { assigneeMechanisms } from "./assignees.ts";
import { budgetMechanisms } from "./budgets.ts";
import { commentChangeMechanisms } from "./comment-changes.ts";
import { commentCreateMechanisms } from "./comment-creates.ts";
import { createMechanisms } from "./create.ts";
import { failureMechanisms } from "./failure.ts";
import { guardMechanisms } from "./guard.ts";
import { hintMechanisms } from "./hints.ts";
import { hubMechanisms } from "./hub.ts";
import { inboundMechanisms } from "./inbound.ts";
import { journalMechanisms } from "./journal.ts";
import { leaseMechanisms } from "./lease.ts";
import { mappingMechanisms } from "./mapping.ts";
import { markMechanisms } from "./marks.ts";
import { mergeMechanisms } from "./merge.ts";
import { pollingMechanisms } from "./polling.ts";
import { readingMechanisms } from "./reading.ts";

/** Every mechanism that a simulation has to miss. */
export const mechanisms: readonly Mechanism[] = [
  ...createMechanisms,
  ...adoptionMechanisms,
  ...leaseMechanisms,
  ...markMechanisms,
  ...readingMechanisms,
  ...mergeMechanisms,
  ...journalMechanisms,
  ...answerMechanisms,
  ...mappingMechanisms,
  ...inboundMechanisms,
  ...hubMechanisms,
  ...commentCreateMechanisms,
  ...commentChangeMechanisms,
  ...hintMechanisms,
  ...pollingMechanisms,
  ...failureMechanisms,
  ...budgetMechanisms,
  ...assigneeMechanisms,
  ...guardMechanisms,
];
