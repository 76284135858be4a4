import type { Page, PageRequest } from "../domain/page.ts";
import type { ActivityEvent } from "../events/event-bus.ts";

/** At most one of the ids; without any, the whole tenant as far as the actor sees it. */
export interface ActivityQuery extends PageRequest {
  readonly defectId?: string;
  readonly linkId?: string;
  readonly sourceId?: string;
  readonly referenceId?: string;
}

export interface ActivityService {
  /** Newest first. What happened to records outside the actor's projects is left out. */
  list(query?: ActivityQuery): Promise<Page<ActivityEvent>>;
}
