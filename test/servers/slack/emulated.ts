import { createEmulator } from 'emulate';

export type Json = Record<string, unknown>;

export interface SlackUser {
  id: string;
  name: string;
  kind?: 'member' | 'guest' | 'external' | 'bot' | 'deactivated';
}

/** The workspace as the `emulate` package keeps it, with these people in it, and what calls a method of it. */
export async function emulate(users: readonly SlackUser[]) {
  const emulated = await createEmulator({
    service: 'slack',
    port: 0,
    seed: {
      slack: {
        team: { name: 'lab', domain: 'lab' },
        // An app of that name gives the bot its user and bot ids.
        oauth_apps: [
          {
            client_id: '1.2',
            client_secret: 'x',
            app_id: 'A0XAXBOT',
            name: 'xaxbot',
            redirect_uris: ['http://localhost/'],
            scopes: ['chat:write'],
          },
        ],
        users: users.map(({ name }) => ({
          name: name.toLowerCase(),
          real_name: name,
          email: `${name}@example.org`,
        })),
        channels: [{ name: 'queue' }, { name: 'other' }, { name: 'elsewhere' }],
        tokens: [
          {
            token: 'xoxb-inner',
            user: 'xaxbot',
            scopes: [
              'chat:write',
              'channels:read',
              'channels:history',
              'channels:write',
              'channels:manage',
              'groups:history',
              'im:history',
              'im:write',
              'files:write',
              'files:read',
              'users:read',
              'channels:join',
              'reactions:read',
              'reactions:write',
            ],
          },
          ...users.map(({ name }) => ({
            token: `xoxb-inner-${name}`,
            user: name.toLowerCase(),
            scopes: ['chat:write'],
          })),
        ],
      },
    },
  } as never);
  const inner = async (method: string, args: Json = {}, token = 'xoxb-inner'): Promise<Json> => {
    const body = new URLSearchParams();
    for (const [key, value] of Object.entries(args))
      if (value !== undefined) body.set(key, typeof value === 'string' ? value : JSON.stringify(value));
    const answer = await fetch(`${emulated.url}/api/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' },
      body,
    });
    return (await answer.json()) as Json;
  };
  return { emulated, inner };
}
