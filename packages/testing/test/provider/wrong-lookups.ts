import type { IssueFormField } from "@backref/core/provider";
import type { SoundProvider, WrongProvider } from "./wrong-provider.ts";

/** Every field of the form changed. */
export function withFields(sound: SoundProvider, change: (field: IssueFormField) => IssueFormField): SoundProvider {
  return {
    ...sound,
    form: { fields: async (call, request) => (await sound.form.fields(call, request)).map(change) },
  };
}

function withIssueSearch(sound: SoundProvider, issues: SoundProvider["search"]["issues"]): SoundProvider {
  return { ...sound, search: { issues } };
}

function withSearch(sound: SoundProvider, search: SoundProvider["people"]["search"]): SoundProvider {
  return { ...sound, people: { search } };
}

function withList(sound: SoundProvider, list: SoundProvider["containers"]["list"]): SoundProvider {
  return { ...sound, containers: { list } };
}

export const wrongLookups: readonly WrongProvider[] = [
  {
    mistake: "names two fields alike",
    caughtBy: "form-fields-sound",
    wrap: (sound) => withFields(sound, (field) => ({ ...field, id: "field" })),
  },
  {
    mistake: "offers milestones by their titles and takes them by their ids",
    caughtBy: "form-fields-taken",
    wrap: (sound) =>
      withFields(sound, (field) => ({
        ...field,
        allowedValues: field.allowedValues?.map(({ name }) => ({ id: name, name })) ?? null,
      })),
  },
  {
    mistake: "has an empty form for a repository that is not there",
    caughtBy: "form-fields-unknown-container",
    wrap: (sound) => ({
      ...sound,
      form: { fields: (call, request) => sound.form.fields(call, request).catch(() => []) },
    }),
  },
  {
    mistake: "looks for people with regard to case",
    caughtBy: "people-found",
    wrap: (sound) =>
      withSearch(sound, async (call, request) =>
        (await sound.people.search(call, request)).filter(({ login }) => login?.includes(request.text)),
      ),
  },
  {
    mistake: "gives an empty text for a person without an address",
    caughtBy: "people-complete",
    wrap: (sound) =>
      withSearch(sound, async (call, request) =>
        (await sound.people.search(call, request)).map((person) => ({ ...person, email: "" })),
      ),
  },
  {
    mistake: "tells of everybody, whatever the limit",
    caughtBy: "people-limit",
    wrap: (sound) => withSearch(sound, (call, request) => sound.people.search(call, { ...request, limit: 1_000 })),
  },
  {
    mistake: "takes a percent sign for anything",
    caughtBy: "people-text-is-data",
    wrap: (sound) =>
      withSearch(sound, (call, request) =>
        sound.people.search(call, { ...request, text: request.text.replace("%", "") }),
      ),
  },
  {
    mistake: "finds people by one id and assigns them by another",
    caughtBy: "people-assign",
    wrap: (sound) => ({
      ...sound,
      create: {
        ...sound.create,
        create: (call, request) => sound.create.create(call, { ...request, assigneeIds: [] }),
      },
    }),
  },
  {
    mistake: "finds nobody in a repository that is not there",
    caughtBy: "people-unknown-container",
    wrap: (sound) => withSearch(sound, (call, request) => sound.people.search(call, request).catch(() => [])),
  },
  {
    mistake: "lists repositories by names that no source takes",
    caughtBy: "containers-listed",
    wrap: (sound) =>
      withList(sound, async (call, request) => {
        const page = await sound.containers.list(call, request);
        return { ...page, items: page.items.map((item) => ({ ...item, container: `/${item.container}` })) };
      }),
  },
  {
    mistake: "loses a repository where a page ends",
    caughtBy: "containers-pages",
    wrap: (sound) =>
      withList(sound, async (call, request) => {
        const page = await sound.containers.list(call, request);
        return page.nextCursor === null ? page : { ...page, nextCursor: String(Number(page.nextCursor) + 1) };
      }),
  },
  {
    mistake: "leaves the text out of account",
    caughtBy: "containers-text",
    wrap: (sound) => withList(sound, (call, request) => sound.containers.list(call, { ...request, text: "" })),
  },
  {
    mistake: "looks for issues with regard to case",
    caughtBy: "search-found",
    wrap: (sound) =>
      withIssueSearch(sound, async (call, request) =>
        (await sound.search.issues(call, request)).filter(({ title }) =>
          request.text.split(" ").every((word) => title.includes(word)),
        ),
      ),
  },
  {
    mistake: "finds open issues only",
    caughtBy: "search-found",
    wrap: (sound) =>
      withIssueSearch(sound, async (call, request) =>
        (await sound.search.issues(call, request)).filter(({ state }) => state.category === "open"),
      ),
  },
  {
    mistake: "tells of found issues worst match first",
    caughtBy: "search-order",
    wrap: (sound) =>
      withIssueSearch(sound, async (call, request) => (await sound.search.issues(call, request)).toReversed()),
  },
  {
    mistake: "finds issues without their bodies",
    caughtBy: "search-complete",
    wrap: (sound) =>
      withIssueSearch(sound, async (call, request) =>
        (await sound.search.issues(call, request)).map((issue) => ({ ...issue, body: "" })),
      ),
  },
  {
    mistake: "tells of every issue found, whatever the limit",
    caughtBy: "search-limit",
    wrap: (sound) => withIssueSearch(sound, (call, request) => sound.search.issues(call, { ...request, limit: 1_000 })),
  },
  {
    mistake: "takes OR in a text for an operator",
    caughtBy: "search-text-is-data",
    wrap: (sound) =>
      withIssueSearch(sound, async (call, request) => {
        const parts = request.text.split(" OR ").map((text) => sound.search.issues(call, { ...request, text }));
        return (await Promise.all(parts)).flat().slice(0, request.limit);
      }),
  },
  {
    mistake: "refuses a long text",
    caughtBy: "search-long-text",
    wrap: (sound) =>
      withIssueSearch(sound, async (call, request) => {
        if (request.text.length > 255) throw new TypeError("The text is too long.");
        return sound.search.issues(call, request);
      }),
  },
  {
    mistake: "finds no issues in a repository that is not there",
    caughtBy: "search-unknown-container",
    wrap: (sound) => withIssueSearch(sound, (call, request) => sound.search.issues(call, request).catch(() => [])),
  },
];
