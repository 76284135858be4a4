import { type AuthorizationGroup, type Provider, ProviderError } from "@backref/core/provider";
import { createFakeSignIn, type SignInAuth } from "../../src/index.ts";
import type { SoundProvider, WrongProvider } from "./wrong-provider.ts";

type Group = AuthorizationGroup<SignInAuth, unknown>;

/** Changes the group and nothing else. */
function withGroup(sound: SoundProvider, change: (group: Group) => Partial<Group>): Provider {
  const group = sound.authorization as unknown as Group;
  return { ...sound, authorization: { ...group, ...change(group) } } as Provider;
}

const { clientSecret } = createFakeSignIn();

const failing = (failure: "auth" | "retry" | "permanent", cause?: unknown) => (error: ProviderError) => {
  const { operation = "", message } = error;
  throw new ProviderError({ providerId: "gitea", operation, message, failure, cause });
};

export const wrongSignIns: readonly WrongProvider[] = [
  {
    mistake: "makes up a state of its own",
    caughtBy: "authorization-url-state",
    wrap: (sound) => withGroup(sound, ({ url }) => ({ url: (request) => url({ ...request, state: "mine" }) })),
  },
  {
    mistake: "gives the browser a URL without a host",
    caughtBy: "authorization-url",
    wrap: (sound) =>
      withGroup(sound, ({ url }) => ({ url: (request) => url(request).replace("https://sign-in.example", "") })),
  },
  {
    mistake: "shows the application's secret in the URL",
    caughtBy: "authorization-url-secrets",
    wrap: (sound) =>
      withGroup(sound, ({ url }) => ({ url: (request) => `${url(request)}&client_secret=${clientSecret}` })),
  },
  {
    mistake: "answers an exchange with what the tracker sent, whatever its form says",
    caughtBy: "authorization-exchange",
    wrap: (sound) =>
      withGroup(sound, ({ exchange }) => ({
        exchange: async (...given) => {
          const { access, refresh } = await exchange(...given);
          return { access_token: access, refresh_token: refresh } as unknown as SignInAuth;
        },
      })),
  },
  {
    mistake: "counts the end in seconds",
    caughtBy: "authorization-exchange",
    wrap: (sound) => withGroup(sound, ({ expiresAt }) => ({ expiresAt: (auth) => Number(expiresAt(auth)) / 1_000 })),
  },
  {
    mistake: "exchanges a code twice to be sure",
    caughtBy: "authorization-exchange-once",
    wrap: (sound) =>
      withGroup(sound, ({ exchange }) => ({
        exchange: async (...given) => {
          const first = await exchange(...given);
          return exchange(...given).catch(() => first);
        },
      })),
  },
  {
    mistake: "forgets the new refresh token",
    caughtBy: "authorization-refresh",
    wrap: (sound) =>
      withGroup(sound, ({ refresh }) => ({
        refresh: async (call) => ({ ...(await refresh(call)), refresh: call.auth.refresh }),
      })),
  },
  {
    mistake: "throws at credentials that were entered by hand",
    caughtBy: "authorization-entered",
    wrap: (sound) =>
      withGroup(sound, () => ({
        canRefresh: (auth) => auth.refresh.length > 0,
      })),
  },
  {
    mistake: "takes a code that is not accepted for a wrong request",
    caughtBy: "authorization-exchange-refused",
    wrap: (sound) =>
      withGroup(sound, ({ exchange }) => ({ exchange: (...given) => exchange(...given).catch(failing("permanent")) })),
  },
  {
    mistake: "would try a consent that was taken back for ever",
    caughtBy: "authorization-refresh-refused",
    wrap: (sound) => withGroup(sound, ({ refresh }) => ({ refresh: (call) => refresh(call).catch(failing("retry")) })),
  },
  {
    mistake: "renews again where the answer was lost",
    caughtBy: "authorization-refresh-lost",
    wrap: (sound) =>
      withGroup(sound, ({ refresh }) => ({ refresh: (call) => refresh(call).catch(() => refresh(call)) })),
  },
  {
    mistake: "asks people to sign in again whenever the tracker has trouble",
    caughtBy: "authorization-refresh-server",
    wrap: (sound) => withGroup(sound, ({ refresh }) => ({ refresh: (call) => refresh(call).catch(failing("auth")) })),
  },
  {
    mistake: "does not say how long to wait before it renews",
    caughtBy: "authorization-refresh-limited",
    wrap: (sound) =>
      withGroup(sound, ({ refresh }) => ({
        refresh: (call) =>
          refresh(call).catch((error: ProviderError) => {
            const { failure, operation = "", message } = error;
            throw new ProviderError({ providerId: "gitea", operation, message, failure });
          }),
      })),
  },
  {
    mistake: "quotes the refresh token in errors",
    caughtBy: "authorization-no-secrets",
    wrap: (sound) =>
      withGroup(sound, ({ refresh }) => ({
        refresh: (call) =>
          refresh(call).catch((error: ProviderError) => {
            const { failure, operation = "", message, retryAfterMs } = error;
            const cause = { body: `refresh_token=${call.auth.refresh}` };
            throw new ProviderError({ providerId: "gitea", operation, message, failure, retryAfterMs, cause });
          }),
      })),
  },
];
