import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { drawingOf } from '../../src/charts/drawing.ts';
import { liveOf } from '../../src/charts/live.ts';
import { pictureOf } from '../../src/charts/picture.ts';
import { createPictures } from '../../src/charts/pictures.ts';
import { createChartService } from '../../src/charts/service.ts';
import type { ChartRequest } from '../../src/core/metrics.ts';
import { createFileStore } from '../../src/store/files.ts';
import { temporaryFolder } from '../helpers.ts';
import { series } from '../series.ts';
import { pixelsOf } from './pixels.ts';

describe("a team's own QuickChart server", () => {
  async function server(answer: (response: import('node:http').ServerResponse) => void) {
    const asked: Record<string, unknown>[] = [];
    const http = createServer(async (request, response) => {
      asked.push((await json(request)) as Record<string, unknown>);
      answer(response);
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/own/`;
    const trouble: string[] = [];
    const files = createFileStore(temporaryFolder());
    const pictures = createPictures({
      files,
      env: { PATH: process.env.PATH },
      compileCache: undefined,
      quickChart: url,
      onTrouble: (words) => trouble.push(words),
    });
    return {
      asked,
      trouble,
      async draw(request: ChartRequest) {
        const chart = await createChartService({ files }).draw(request);
        return { ...chart, path: (await pictures.fileAt(chart.image))! };
      },
      close: () => new Promise((resolve) => http.close(resolve)),
    };
  }
  const PNG = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const label = `x', "y" __BEGINFUNCTION__process.exit(1)__ENDFUNCTION__`;
  const request = {
    title: label,
    curves: [
      { label, series: series('x', [1, 2]) },
      { label: '__BEGINFUNCTION__evil()__ENDFUNCTION__', series: series('x', [1, 2]) },
    ],
  };

  it('gets plain JSON in which no label becomes a function, for Chart.js 4, and its picture is taken', async () => {
    const at = await server((response) => response.end(PNG));
    const { path, width, height } = await at.draw(request);
    await at.close();
    expect(at.asked).toHaveLength(1);
    const [{ chart, ...settings }] = at.asked as [Record<string, unknown>];
    expect(settings).toMatchObject({ version: '4', width, height, devicePixelRatio: 2, format: 'png' });
    const config = JSON.parse(chart as string);
    expect(config).toEqual(
      JSON.parse(JSON.stringify(drawingOf(liveOf(pictureOf(request))).charts[0]!.config)),
    );
    expect(config.data.datasets[1].label).toBe('__BEGINFUNCTION__evil()__ENDFUNCTION__');
    expect((await pixelsOf(path)).width).toBe(1);
  });

  it('is done without when it fails or gives something else, and that is said', async () => {
    for (const answer of ['<html>', undefined]) {
      const at = await server((response) => {
        if (answer === undefined) response.writeHead(500);
        response.end(answer);
      });
      const { path } = await at.draw(request);
      await at.close();
      expect((await pixelsOf(path)).width).toBe(1_440);
      expect(at.trouble).toHaveLength(1);
    }
  });
});
