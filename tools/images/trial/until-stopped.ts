/** Ends this process with status 0 when it is told to: as the first process of a container it has no default for signals. */
export function untilStopped(name: string, stop: () => Promise<void>): void {
  const end = (signal: string): void => {
    console.log(`${name}: stopping (${signal})`);
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', () => end('SIGTERM'));
  process.once('SIGINT', () => end('SIGINT'));
}
