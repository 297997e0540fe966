import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { errorText } from '../core/errors.ts';
import type { LiveChart } from '../core/live-chart.ts';
import type { FileRef } from '../core/message.ts';
import type { FileStore } from '../store/files.ts';
import { type DrawEnvironment, drawnApart } from './draw-process.ts';
import { drawingOf } from './drawing.ts';
import { drawByQuickChart } from './quickchart.ts';

/** How long a server that failed is left alone, milliseconds: it would hold up every chart. */
const SERVER_PAUSE_MS = 60_000;
const DATA = 'json';
const PICTURE = 'png';

/** The file of the picture of a chart, whose data is kept in another. */
export function pictureFile({ file }: FileRef): FileRef {
  return { file: file.replace(/\w+$/, PICTURE) };
}

/** Of a picture's file. */
function dataFile({ file }: FileRef): FileRef {
  return { file: file.replace(/\w+$/, DATA) };
}

/**
 * Draws the pictures of charts when somebody asks for their files, one at a time. With a QuickChart server that one draws what is a
 * single chart; several in one picture, and what it fails at, are drawn here.
 */
export function createPictures(
  deps: DrawEnvironment & {
    files: FileStore;
    /** Address of a QuickChart server of the team's own. */
    quickChart?: string | undefined;
    /** Hears why the server did not draw. */
    onTrouble?(words: string): void;
  },
) {
  const { files, quickChart, onTrouble } = deps;
  let serverAwayUntil = 0;
  let last: Promise<unknown> = Promise.resolve();

  async function draw(picture: FileRef, path: string): Promise<void> {
    const data = files.pathOf(dataFile(picture))!;
    if (existsSync(path) || !existsSync(data)) return;
    const json = await readFile(data, 'utf8');
    await files.keep(picture, (await byServer(json)) ?? (await drawnApart(json, deps)));
  }

  async function byServer(json: string): Promise<Buffer | null> {
    if (quickChart === undefined || performance.now() < serverAwayUntil) return null;
    const drawing = drawingOf(JSON.parse(json) as LiveChart);
    if (drawing.charts.length > 1) return null;
    try {
      return await drawByQuickChart(quickChart, drawing);
    } catch (error) {
      serverAwayUntil = performance.now() + SERVER_PAUSE_MS;
      onTrouble?.(`${quickChart}: ${errorText(error)}`);
      return null;
    }
  }

  return {
    /**
     * Where a kept file lies, a picture drawn where it was not yet; undefined for a name that is none. Error `chart` where it cannot be
     * drawn.
     */
    async fileAt(file: FileRef): Promise<string | undefined> {
      const path = files.pathOf(file);
      if (path === undefined || !path.endsWith(`.${PICTURE}`) || existsSync(path)) return path;
      const drawn = last.then(() => draw(file, path));
      last = drawn.catch(() => {});
      await drawn;
      return path;
    },
  };
}

export type Pictures = ReturnType<typeof createPictures>;
