import { wholePlatform } from '../platform';
import { type Prepared, pipelineOf } from '../pipeline';
import { cpuByName, descendants, nameOf } from '../processes';
import { sample } from '../sources';
import { type BenchOptions, type Figure, type Measurement, exactly } from './goal';

/** CPU seconds so far of what hands out work: the queue's server and the service that plans, their idle time included. */
function cpuOfControl(): number {
  const all = descendants();
  return all
    .filter((one) => ['transcode', 'redis-server', 'valkey-server'].includes(nameOf(one, all)))
    .reduce((sum, { ownCpu }) => sum + ownCpu, 0);
}

/** CPU seconds so far of the encoder and all ffmpegs that it has run. */
const cpuOfMedia = (): number => cpuByName().get('encoder') ?? 0;

/** How much of a machine is spent on anything but media. */
export const controlPlane: Measurement = {
  goals: {
    G14: 'CPU of the queue and of transcode ÷ CPU of the encoder over a batch of 20 videos of 20 s of 1080p: ≤ 0.005',
  },
  async run(_, { quick, say }: BenchOptions): Promise<Record<string, Figure>> {
    const file = await sample({ seconds: quick ? 2 : 20 });
    const small = await sample({ seconds: 2, size: '320x180', grain: false });
    // As the images run it: without the flags that make it small on a laptop, at the price of CPU.
    await using platform = await wholePlatform({ nodeFlags: [] });
    const pipeline = await pipelineOf(platform);
    const upload = async (one: string): Promise<Prepared[]> => {
      const prepared: Prepared[] = [];
      for (let n = 0; n < (quick ? 2 : 20); n += 1) prepared.push(await pipeline.upload(one));
      return prepared;
    };
    const untilReady = (batch: readonly Prepared[]) => Promise.all(batch.map((one) => pipeline.untilReady(one)));
    say('G14: small videos first: what a service that has just started compiles is not of the batch');
    await untilReady(await upload(small));
    const batch = await upload(file);
    say('G14: a batch of videos');
    const [control, media] = [cpuOfControl(), cpuOfMedia()];
    await untilReady(batch);
    const [controlSeconds, mediaSeconds] = [cpuOfControl() - control, cpuOfMedia() - media];
    const ratio = controlSeconds / mediaSeconds;
    return { G14: exactly(ratio, ratio <= 0.005, { controlSeconds, mediaSeconds }) };
  },
};
