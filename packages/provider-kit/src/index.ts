/**
 * What every HTTP provider needs, and nothing a tracker would disagree about.
 * @packageDocumentation
 */
export { mapAnswer, readAnswer, type TrackerAnswer } from "./answers.ts";
export { findProviderError } from "./causes.ts";
export {
  advanceCursor,
  type OverlappingCursor,
  overlappingCursor,
  parseCursor,
  type SeenChange,
} from "./changes-cursor.ts";
export { classifyFailure, type FailureFacts, type FailureVerdict } from "./classify-failure.ts";
export { defectLinkIn } from "./defect-link.ts";
export { checkFactoryOptions, type FactoryOptionKind } from "./factory-options.ts";
export { type FileUpload, type FileUploadOptions, fileUpload } from "./file-upload.ts";
export { createFlights, type Flights } from "./flights.ts";
export { unlessGivenUp } from "./given-up.ts";
export { verifyHmacSha256 } from "./hmac.ts";
export { lazy } from "./lazy.ts";
export { followPages, linkTarget } from "./links.ts";
export type { Explanation, Operation } from "./operation.ts";
export { addressWith, type BelowAddress, belowAddress } from "./pages.ts";
export {
  createProviderErrors,
  hasStatus,
  isRefusal,
  type ProviderErrorFacts,
  type ProviderErrors,
} from "./provider-errors.ts";
export { recentLook } from "./recent-look.ts";
export { reportThrown, type ThrownReport, type ThrownRequest } from "./report-thrown.ts";
export { answerTime, retryAfterMs } from "./retry-after.ts";
export { type AnswerSchema, parseShape, UnexpectedShape } from "./shapes.ts";
export { withoutTrailingSlashes } from "./trailing-slashes.ts";
export { createTransport, type TransportOptions } from "./transport.ts";
export {
  findTransportFailure,
  TransportFailure,
  type TransportFailureKind,
  type TransportFailureOptions,
} from "./transport-failure.ts";
export { type FormSchema, type FormSchemaResult, zodForm } from "./zod-form.ts";
