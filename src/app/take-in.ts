import { settingsRefusedPost, settingsTakenPost } from '../cards/settings.ts';
import type { LiveConfig } from '../config/live.ts';
import type { Context } from './context.ts';
import type { SettingsNews } from './settings.ts';

/** What has to be done where settings were taken in, besides that whoever asks finds the new ones. */
export function takeIn(before: LiveConfig, context: Context): void {
  const { stores, experiments, notify, adapters, services, log } = context;
  const { webLogins, people } = stores;
  // Somebody who is let in again later has to come in again.
  for (const { id, person } of webLogins.all()) if (!people.byId(person)) webLogins.remove(id);
  experiments.settingsChanged(before.session);
  for (const adapter of adapters) adapter.settingsChanged?.();
  notify.deliverer.leaveOthers();
  notify.notifier.board();
  log.info({ roles: services.roles() }, 'who may do what');
}

/** Everybody is told what changed; what cannot be used, those who can mend it. */
export function tellSettings(news: SettingsNews, { notify, clock }: Context): void {
  const key = `settings:${clock()}`;
  if (news.kind === 'taken') notify.notifier.announce(key, settingsTakenPost(news.changes));
  else notify.tellAdmins(key, settingsRefusedPost(news.problem));
}
