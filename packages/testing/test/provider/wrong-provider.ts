import type { FetchFunction, Provider, ProviderCall } from "@backref/core/provider";
import type { GiteaKind } from "./gitea/driver.ts";
import type { createGiteaProvider } from "./gitea/provider.ts";

export type SoundProvider = ReturnType<typeof createGiteaProvider>;

/** A provider with one mistake, and the rule that has to find it. */
export interface WrongProvider {
  readonly mistake: string;
  /** Without the prefix `provider/`. */
  readonly caughtBy: string;
  /** What kind of source shows it. @default "token" */
  readonly kind?: GiteaKind;
  readonly wrap: (sound: SoundProvider) => Provider;
}

/** Every group's methods that take a call first get a changed one. */
export function withCall(sound: SoundProvider, change: (call: ProviderCall) => ProviderCall): Provider {
  return withMethods(
    sound,
    (method) =>
      (call, ...rest) =>
        method(change(call), ...rest),
  );
}

export function withFetch(
  sound: SoundProvider,
  wrap: (fetch: FetchFunction, call: ProviderCall) => FetchFunction,
): Provider {
  return withCall(sound, (call) => ({ ...call, fetch: wrap(call.fetch, call) }));
}

type RemoteMethod = (call: ProviderCall, ...rest: readonly unknown[]) => Promise<unknown>;

/** Wraps every remote method of every group. */
export function withMethods(sound: SoundProvider, wrap: (method: RemoteMethod) => RemoteMethod): Provider {
  const wrapGroup = <Group extends object>(group: Group): Group =>
    Object.fromEntries(Object.entries(group).map(([name, method]) => [name, wrap(method as RemoteMethod)])) as Group;
  const { connect, read, search, create, update, comments, changes, labels, form, people, containers, attachments } =
    sound;
  return {
    ...sound,
    connect: wrapGroup(connect),
    read: wrapGroup(read),
    search: wrapGroup(search),
    create: wrapGroup(create),
    update: wrapGroup(update),
    comments: wrapGroup(comments),
    changes: wrapGroup(changes),
    labels: wrapGroup(labels),
    form: wrapGroup(form),
    people: wrapGroup(people),
    containers: wrapGroup(containers),
    attachments: wrapGroup(attachments),
  };
}
