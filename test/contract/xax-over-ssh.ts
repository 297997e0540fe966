import { pino } from 'pino';
import { createXaxThere, type XaxThereOptions } from '../../src/queue/xax/there.ts';
import { type Sshd, startSshd } from '../servers/sshd/index.ts';
import { startXax, type XaxHarness, type XaxPlace } from './xax-harness.ts';

/** An xax queue whose host is reached by a real sshd alone. */
export type XaxOverSsh = Omit<XaxHarness, 'queue'> & { queue: ReturnType<typeof createXaxThere>; sshd: Sshd };

export async function startXaxOverSsh(
  place: XaxPlace,
  more: Partial<XaxThereOptions> = {},
): Promise<XaxOverSsh> {
  const harness = await startXax(place);
  const { HOME: _, ...environment } = harness.env;
  const sshd = await startSshd({ environment: environment as Record<string, string> });
  const queue = createXaxThere({
    name: harness.queue.name,
    place: { host: sshd.host },
    home: harness.home,
    xaxBin: place.xaxBin,
    env: { PATH: `${sshd.bin}:${process.env.PATH}` },
    clock: Date.now,
    log: pino({ level: 'silent' }),
    ...more,
  });
  return {
    ...harness,
    queue,
    sshd,
    async close() {
      await queue.stop();
      await harness.close();
      await sshd.stop();
    },
  };
}
