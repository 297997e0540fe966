import { pauseAfter } from '../../src/core/backoff.ts';
import type { Log } from '../../src/core/log.ts';
import type { Clock } from '../../src/core/time.ts';
import { createOthers } from './others.ts';
import { openSocket, type Socket, type SocketDeps } from './socket.ts';
import type { SocketError } from './socket-problems.ts';
import type { SlackTimings } from './timings.ts';

/** One socket serves while the other is renewed: Slack recycles each about once an hour. */
const SOCKETS = 2;

interface Slot {
  /** The one that is open. */
  socket: Socket | undefined;
  upSince: number;
  failures: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * The sockets on which Slack says what people do. Each is renewed by itself, at once when Slack asks for it and with
 * growing pauses when it fails; the SDK's own reconnection waits five seconds first and never gives a limit.
 */
export function createSockets(
  deps: SocketDeps & {
    clock: Clock;
    log: Log;
    /** There is no socket any more. */
    onDown(): void;
    /** There is a socket again, where there was none. */
    onBack(): void;
    timings: SlackTimings;
  },
) {
  const { clock, log, timings } = deps;
  const slots: Slot[] = Array.from({ length: SOCKETS }, () => ({
    socket: undefined,
    upSince: 0,
    failures: 0,
    timer: undefined,
  }));
  const opening = new Set<Socket>();
  const others = createOthers(clock);
  let stopped = false;
  let downSince: number | undefined = clock();
  let upSince: number | undefined;
  let lastProblem = 'connecting';
  /** apps.connections.open is left alone until then, by both (epoch ms). */
  let blockedUntil = 0;
  let looking: NodeJS.Timeout | undefined;

  const upCount = () => slots.filter(({ socket }) => socket).length;

  function changed(): void {
    if (upCount() === 0) {
      if (downSince === undefined) deps.onDown();
      downSince ??= clock();
    } else if (downSince !== undefined) {
      downSince = undefined;
      upSince = clock();
      deps.onBack();
    }
  }

  /** Opens a socket into a slot, in place of the one that is there, which goes when the new one is ready. */
  async function open(slot: Slot): Promise<void> {
    const socket = openSocket(deps, (why) => lost(slot, socket, why));
    opening.add(socket);
    const counted = await socket.ready.finally(() => opening.delete(socket));
    if (stopped) return socket.end();
    clearTimeout(slot.timer);
    const before = slot.socket;
    slot.socket = socket;
    slot.upSince = clock();
    changed();
    if (counted !== undefined) count(counted, before ? 1 : 0);
    if (before) {
      others.closed();
      await before.end();
    }
  }

  function lost(slot: Slot, socket: Socket, why: SocketError): void {
    if (slot.socket !== socket) return;
    slot.socket = undefined;
    others.closed();
    changed();
    if (clock() - slot.upSince >= timings.steadyMs) slot.failures = 0;
    if (why.isTold) tell(why);
    lastProblem = why.message;
    // The other one serves meanwhile, but not a second time at once.
    again(slot, slot.failures === 0 ? 0 : pauseAfter(timings, slot.failures));
    slot.failures += 1;
  }

  function again(slot: Slot, pause: number, askedMs = 0): void {
    if (stopped) return;
    blockedUntil = Math.max(blockedUntil, clock() + askedMs);
    clearTimeout(slot.timer);
    slot.timer = setTimeout(() => attempt(slot), Math.max(pause, blockedUntil - clock()));
  }

  function attempt(slot: Slot): void {
    if (stopped) return;
    if (blockedUntil > clock()) {
      again(slot, 0);
      return;
    }
    open(slot).catch((why: SocketError) => {
      slot.failures += 1;
      tell(why);
      lastProblem = why.message;
      again(slot, pauseAfter(timings, slot.failures), why.waitMs);
    });
  }

  function tell(why: SocketError): void {
    if (lastProblem !== why.message) log.warn({ error: why.message }, "Slack's socket cannot be opened");
  }

  /** Slack counts so many sockets for the app: more than ours means that another process uses it. */
  function count(all: number, replaced: number): void {
    const before = others.state().others;
    const ours = upCount() + replaced;
    const now = others.counted(all, ours, opening.size);
    if (before === 0 && now > 0)
      log.warn(
        { connections: all, ours },
        'another process uses the same Slack app and receives some of its messages',
      );
    clearTimeout(looking);
    if (now > 0) looking = setTimeout(look, timings.lookMs);
  }

  /** Whether the other process is still there is told by the next hello: so a socket is renewed for it. */
  function look(): void {
    const slot = slots.find(({ socket }) => socket);
    looking = setTimeout(look, timings.lookMs);
    if (stopped || !slot || !others.isClear()) return;
    open(slot).catch((error) => log.debug({ error: String(error) }, 'a socket could not be renewed'));
  }

  return {
    /** Opens the first; the others follow by themselves. Error SocketError: the first cannot be opened. */
    async start(): Promise<void> {
      const [first, ...rest] = slots;
      await open(first!);
      for (const slot of rest) again(slot, 0);
    },
    async stop(): Promise<void> {
      stopped = true;
      clearTimeout(looking);
      for (const slot of slots) clearTimeout(slot.timer);
      await Promise.all(
        [...opening, ...slots.map(({ socket }) => socket)].map(async (socket) => socket?.end()),
      );
    },
    /** `upSince`: there was always one since then. */
    state: () => ({ up: upCount(), of: SOCKETS, downSince, upSince, lastProblem, ...others.state() }),
  };
}

export type Sockets = ReturnType<typeof createSockets>;
