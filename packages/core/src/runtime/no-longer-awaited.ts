/** Why a wait ends early that nobody needs any more. Making a new one each time costs more than the wait. */
export const noLongerAwaited: DOMException = new DOMException("It is no longer waited for.", "AbortError");
