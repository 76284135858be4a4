/** A JSON answer; without a body when there is none to send. */
export function toResponse(status: number, headers: Readonly<Record<string, string>>, body?: unknown): Response {
  if (body === undefined) return new Response(null, { status, headers });
  const type = { "content-type": "application/json; charset=utf-8" };
  return new Response(JSON.stringify(body), { status, headers: { ...type, ...headers } });
}

/** The page a proxy or single sign-on puts in front of an API. */
export const signInPage = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Sign in</body></html>\n";
