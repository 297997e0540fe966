import { CHAT } from './001-chat.ts';
import { JOBS } from './002-jobs.ts';
import { EXPERIMENTS } from './003-experiments.ts';
import { WEB } from './004-web.ts';
import { PLATFORMS } from './005-platforms.ts';
import { WATCHES } from './006-watches.ts';
import { SESSIONS } from './007-sessions.ts';
import { AGENTS } from './008-agents.ts';
import { GPU_HOURS } from './009-gpu-hours.ts';
import { FINGERPRINTS } from './010-fingerprints.ts';
import { ADDED_COLUMNS } from './011-added-columns.ts';
import { LAUNCH_SESSIONS } from './012-launch-sessions.ts';
import { PROPOSALS_IN_PLACE } from './013-proposals-in-place.ts';
import { SUGGESTIONS } from './014-suggestions.ts';
import { ATTRIBUTION } from './015-attribution.ts';
import { VALUES_ANEW } from './016-values-anew.ts';
import { LOG_REMARKS } from './017-log-remarks.ts';
import { DELIVERY_TURNS } from './018-delivery-turns.ts';
import { PRESSES } from './019-presses.ts';
import { KEPT_VALUES } from './021-kept-values.ts';
import { AUDIT } from './022-audit.ts';
import { WEB_LOGINS } from './023-web-logins.ts';
import { NUMBERING } from './024-numbering.ts';
import { PINGS } from './025-pings.ts';
import { RUN_PLACES } from './026-run-places.ts';
import { FOLLOWED_RUNS } from './027-followed-runs.ts';
import { WAITING_LAUNCHES } from './028-waiting-launches.ts';
import { SLIM_DELIVERIES } from './029-slim-deliveries.ts';
import { LOG_DIGEST } from './030-log-digest.ts';
import { SLIM_EXPERIMENTS } from './031-slim-experiments.ts';
import { WEB_PAST } from './032-web-past.ts';
import { YEAR_INDEXES } from './033-year-indexes.ts';
import { SPENT } from './034-spent.ts';
import { AVERAGE_GPUS } from './035-average-gpus.ts';

/** In order; a migration that has been released is never changed. The count is the database's version. */
export const MIGRATIONS: readonly string[] = [
  CHAT,
  JOBS,
  EXPERIMENTS,
  WEB,
  PLATFORMS,
  WATCHES,
  SESSIONS,
  AGENTS,
  GPU_HOURS,
  FINGERPRINTS,
  ADDED_COLUMNS,
  LAUNCH_SESSIONS,
  PROPOSALS_IN_PLACE,
  SUGGESTIONS,
  ATTRIBUTION,
  VALUES_ANEW,
  LOG_REMARKS,
  DELIVERY_TURNS,
  PRESSES,
  KEPT_VALUES,
  AUDIT,
  WEB_LOGINS,
  NUMBERING,
  PINGS,
  RUN_PLACES,
  FOLLOWED_RUNS,
  WAITING_LAUNCHES,
  SLIM_DELIVERIES,
  LOG_DIGEST,
  SLIM_EXPERIMENTS,
  WEB_PAST,
  YEAR_INDEXES,
  SPENT,
  AVERAGE_GPUS,
];
