import {
  type FetchingStrategyOptions,
  type SessionInfo,
  WebSocketShard,
  WebSocketShardEvents,
  WebSocketShardStatus,
} from '@discordjs/ws';

/** The one shard that there is: Discord asks for more from 2,500 servers on. */
export const SHARD = 0;
/** How a connection is closed so that its session may be resumed, and so that it may not. */
const CLOSE = { resumable: 4200, final: 1000 } as const;

/** What a connection is made from, and whom it tells. */
export interface ConnectionDeps {
  options: FetchingStrategyOptions;
  session: {
    get(): SessionInfo | null | Promise<SessionInfo | null>;
    set(info: SessionInfo | null): void | Promise<void>;
  };
  /** A session is about to be begun. */
  onIdentify(): void;
  /** What happens on it, as @discordjs/ws names it, until it is over. */
  onEvent(event: WebSocketShardEvents, payload: object): void;
  onReady(): void;
  /** It is over, once: it was refused, was closed, or has gone silent. */
  onOver(why: Error): void;
  /** How long being ready may take, and noticing that it is closed, milliseconds. */
  deadlineMs: number;
}

/** One connection to the gateway. */
export interface Connection {
  /** Lets it go, whatever state it is in, and tells nobody. */
  end(): Promise<void>;
  send: WebSocketShard['send'];
}

/**
 * Opens a connection that is used once. @discordjs/ws opens the next one by itself half a second after each loss, as
 * often as it is lost, after some errors twice at once, and cannot be stopped in that half second: `destroy` does nothing
 * to a shard that is idle. Before each it asks for the session; the second time there is no answer, ever.
 */
export function openConnection(deps: ConnectionDeps): Connection {
  const { session, deadlineMs } = deps;
  let hasAsked = false;
  let hasSaidHello = false;
  let isOver = false;
  let deadline = setTimeout(() => over(new Error('no answer on the way to being ready')), deadlineMs);

  const never = () => new Promise<never>(() => {});
  const shard = new WebSocketShard(
    {
      options: deps.options,
      async retrieveSessionInfo() {
        if (shard.status !== WebSocketShardStatus.Idle) return session.get();
        if (hasAsked || isOver) {
          over(new Error('the connection was closed'));
          return never();
        }
        hasAsked = true;
        return session.get();
      },
      async updateSessionInfo(_shard, info) {
        // One that got no word from the gateway knows nothing of the session, which stays.
        if (!isOver && (info || hasSaidHello)) await session.set(info);
      },
      async waitForIdentify() {
        if (isOver) return never();
        deps.onIdentify();
      },
    },
    SHARD,
  );

  for (const event of Object.values(WebSocketShardEvents))
    shard.on(event, (payload: object) => {
      if (!isOver) deps.onEvent(event, payload);
    });
  shard.on(WebSocketShardEvents.Hello, () => {
    hasSaidHello = true;
  });
  shard.on(WebSocketShardEvents.Closed, ({ code }) => {
    clearTimeout(deadline);
    if (!isOver)
      deadline = setTimeout(() => over(new Error(`the connection was closed (${code})`)), deadlineMs);
  });
  shard.connect().then(
    () => {
      clearTimeout(deadline);
      if (!isOver) deps.onReady();
    },
    (error: Error) => over(error),
  );

  function over(why: Error): void {
    if (isOver) return;
    finish();
    void letGo(CLOSE.resumable);
    deps.onOver(why);
  }

  function finish(): void {
    isOver = true;
    clearTimeout(deadline);
  }

  async function letGo(code: number): Promise<void> {
    if (shard.status === WebSocketShardStatus.Idle) return;
    if (shard.status === WebSocketShardStatus.Connecting && !hasSaidHello)
      // biome-ignore lint/complexity/useLiteralKeys: it is private; `destroy` would forget an opening socket, not close it
      shard['connection']?.terminate();
    else await shard.destroy({ code });
  }

  return {
    async end() {
      if (isOver) return;
      finish();
      await letGo(CLOSE.final);
    },
    send: (payload) => shard.send(payload),
  };
}
