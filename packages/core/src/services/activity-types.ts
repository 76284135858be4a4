import type { Page, PageRequest } from "../domain/page.ts";
import type { ActivityEvent, ActivityType } from "../events/event-bus.ts";

/** At most one of the ids; where all are absent, the whole tenant as far as the actor sees it. */
export interface ActivityQuery extends PageRequest {
  readonly defectId?: string;
  readonly linkId?: string;
  readonly sourceId?: string;
  readonly referenceId?: string;
  /** Only entries of these types, for example `["conflict-recorded", "field-resolved"]`. @default all */
  readonly types?: readonly ActivityType[];
}

/** Who did what: the log of everything that changed, for screens. For programs there is `EventsService`. */
export interface ActivityService {
  /**
   * Who did what when, newest first; `actorId` is null for the system and the sync. A `conflict-recorded` has both sides'
   * values, what they had agreed on (`base`), and who won. What happened to records outside the actor's projects is left out.
   */
  list(query?: ActivityQuery): Promise<Page<ActivityEvent>>;
}
