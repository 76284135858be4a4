/** A value that survives `JSON.stringify` and `JSON.parse` unchanged. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** An object that survives `JSON.stringify` and `JSON.parse` unchanged. */
export type JsonObject = { readonly [key: string]: JsonValue };
