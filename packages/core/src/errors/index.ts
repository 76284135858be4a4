export { BackrefError, type BackrefErrorOptions, type InputIssue } from "./backref-error.ts";
export { type BackrefErrorCode, errorCodes } from "./error-codes.ts";
export { type FailureClass, ProviderError, type ProviderErrorOptions } from "./provider-error.ts";
export { StorageError } from "./storage-error.ts";
