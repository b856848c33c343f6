import { readConfig } from './src/config';
import { startStandIn } from './src/start';

/** Runs until it is asked to stop. Listens on loopback only. */
async function main(): Promise<void> {
  const service = await startStandIn(readConfig());
  console.log(`MediaConvert stand-in on ${service.url}`);
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => void service.stop().then(() => process.exit(0)));
}

void main();
