import { ProviderError } from "@backref/core/provider";
import { type WrongProvider, withCall, withFetch, withMethods } from "./wrong-provider.ts";

export const wrongFailures: readonly WrongProvider[] = [
  {
    mistake: "lets other errors than its own through",
    caughtBy: "errors-lost",
    wrap: (sound) =>
      withMethods(
        sound,
        (method) =>
          (call, ...rest) =>
            method(call, ...rest).catch((error: ProviderError) => {
              if (error.failure === "retry" || error.failure === "ambiguous") throw new Error("fetch failed");
              throw error;
            }),
      ),
  },
  {
    mistake: "takes a rate limit for a passing trouble",
    caughtBy: "errors-rate-limited",
    wrap: (sound) =>
      withMethods(
        sound,
        (method) =>
          (call, ...rest) =>
            method(call, ...rest).catch((error: ProviderError) => {
              if (error.failure !== "wait") throw error;
              const { operation = "", message } = error;
              throw new ProviderError({ failure: "retry", operation, message, providerId: "gitea" });
            }),
      ),
  },
  {
    mistake: "quotes the request with its credential in errors",
    caughtBy: "errors-no-secrets",
    wrap: (sound) =>
      withMethods(
        sound,
        (method) =>
          (call, ...rest) =>
            method(call, ...rest).catch((error: ProviderError) => {
              const { failure, operation = "", message, status, retryAfterMs } = error;
              const cause = { request: { headers: { authorization: JSON.stringify(call.auth) } } };
              throw new ProviderError({
                failure,
                operation,
                message,
                status,
                retryAfterMs,
                providerId: "gitea",
                cause,
              });
            }),
      ),
  },
  {
    mistake: "tries reads again by itself",
    caughtBy: "errors-not-retried",
    wrap: (sound) =>
      withFetch(sound, (fetch) => async (input, init) => {
        const again = async () => fetch(input, init);
        if (init?.method !== "GET") return again();
        const response = await again().catch(again);
        return response.status >= 500 ? again() : response;
      }),
  },
  {
    mistake: "sends although nobody waits for the answer",
    caughtBy: "call-aborted",
    wrap: (sound) => withCall(sound, (call) => ({ ...call, signal: new AbortController().signal })),
  },
  {
    mistake: "takes the credential along wherever a redirect leads",
    caughtBy: "errors-redirect",
    wrap: (sound) =>
      withFetch(sound, (fetch) => async (input, init) => {
        const response = await fetch(input, init);
        const location = response.headers.get("location");
        return response.status >= 300 && response.status < 400 && location !== null ? fetch(location, init) : response;
      }),
  },
  {
    mistake: "believes a sign-in page",
    caughtBy: "errors-sign-in-page",
    wrap: (sound) =>
      withFetch(sound, (fetch) => async (input, init) => {
        const response = await fetch(input, init);
        const isPage = response.headers.get("content-type")?.startsWith("text/html") === true;
        return isPage ? new Response("[]", { headers: { "content-type": "application/json" } }) : response;
      }),
  },
  {
    mistake: "remembers the first credential it was called with",
    caughtBy: "call-stateless",
    wrap: (sound) => {
      let first: unknown;
      return withCall(sound, (call) => {
        first ??= call.auth;
        return { ...call, auth: first };
      });
    },
  },
  {
    mistake: "asks who it is before every create",
    caughtBy: "create-one-request",
    wrap: (sound) => ({
      ...sound,
      create: {
        ...sound.create,
        async create(call, request) {
          await sound.connect.account(call);
          return sound.create.create(call, request);
        },
      },
    }),
  },
];
