import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { LRUCache } from 'lru-cache';
import { BotError, errorText } from '../core/errors.ts';
import { type Mask, maskStrings } from '../core/masked.ts';
import type { FileRef } from '../core/message.ts';
import type { Chart, ChartRequest, ChartService } from '../core/metrics.ts';
import { maskSecrets } from '../core/secrets.ts';
import { ownProgram } from '../processes/own-program.ts';
import { run } from '../processes/run.ts';
import type { FileStore } from '../store/files.ts';
import { liveOf } from './live.ts';
import { type Drawing, drawingOf, pictureOf } from './picture.ts';
import { drawByQuickChart } from './quickchart.ts';
import { altText } from './summary.ts';

/** A drawing takes a third of a second; the host's cores may be busy. */
const DRAW_TIMEOUT_MS = 30_000;
const PNG_MAX_BYTES = 8 * 1024 * 1024;
/** Pictures that are not drawn again when they are asked for again: those of runs that have ended stay the same. */
const DRAWN_KEPT = 200;
/** How long a server that failed is left alone, milliseconds: it would hold up every chart. */
const SERVER_PAUSE_MS = 60_000;
const PROGRAM = ownProgram('./draw', import.meta.url);

/**
 * Draws charts in a child process each, one at a time: drawn here, the canvas would keep its memory for good. With a
 * QuickChart server that one draws what is a single chart; several in one picture, and what it fails at, are drawn
 * here.
 */
export function createChartService(deps: {
  files: FileStore;
  env: NodeJS.ProcessEnv;
  compileCache: string | undefined;
  /** Address of a QuickChart server of the team's own. */
  quickChart?: string | undefined;
  /** Hears why the server did not draw. */
  onTrouble?(words: string): void;
  /** Of titles, labels and legends; by default secrets are hidden by their form alone. */
  mask?: Mask;
}): ChartService {
  const { files, quickChart, onTrouble, mask = maskSecrets } = deps;
  const drawnBefore = new LRUCache<string, FileRef>({ max: DRAWN_KEPT });
  let serverAwayUntil = 0;
  let last: Promise<unknown> = Promise.resolve();

  async function draw(request: ChartRequest): Promise<Chart> {
    const picture = maskStrings(pictureOf(request), mask);
    const image = await imageOf(drawingOf(picture));
    const live = await files.save(Buffer.from(JSON.stringify(liveOf(picture))), 'json');
    return { image, live, alt: altText(request), width: picture.width, height: picture.height };
  }

  /** The drawing's file: the one made before, while it is kept, or a new one. */
  async function imageOf(drawing: Drawing): Promise<FileRef> {
    const json = JSON.stringify(drawing);
    const key = createHash('sha256').update(json).digest('hex');
    const known = drawnBefore.get(key);
    if (known && existsSync(files.pathOf(known)!)) return known;
    const png = (await byServer(drawing)) ?? (await drawHere(json));
    const image = await files.save(png, 'png');
    drawnBefore.set(key, image);
    return image;
  }

  async function byServer(drawing: Drawing): Promise<Buffer | null> {
    if (quickChart === undefined || drawing.charts.length > 1 || performance.now() < serverAwayUntil)
      return null;
    try {
      return await drawByQuickChart(quickChart, drawing);
    } catch (error) {
      serverAwayUntil = performance.now() + SERVER_PAUSE_MS;
      onTrouble?.(`${quickChart}: ${errorText(error)}`);
      return null;
    }
  }

  async function drawHere(input: string): Promise<Buffer> {
    const result = await run({
      argv: PROGRAM,
      env: { PATH: deps.env.PATH, NODE_COMPILE_CACHE: deps.compileCache },
      input,
      timeoutMs: DRAW_TIMEOUT_MS,
      maxOutputBytes: PNG_MAX_BYTES,
    });
    if (result.exitCode === 0) return result.stdout;
    const why =
      result.startError ??
      (result.timedOut ? 'it took too long' : (result.stderr.trim().split('\n').at(-1) ?? ''));
    throw new BotError(
      'chart',
      `The chart could not be drawn: ${why}.`,
      'The values are all there; "npm ci" in a checkout, or installing the package again, restores a missing canvas.',
    );
  }

  return {
    draw(request) {
      const drawn = last.then(() => draw(request));
      last = drawn.catch(() => {});
      return drawn;
    },
  };
}
