import { freePort, isPortFree } from '@kinora/testing';
import { type DataFolder, readJson, writeJson } from './data-folder';

/**
 * Loopback ports by name. Each is free when it is handed out, and the same as last time whenever that is free: the
 * issuer of the tokens that people hold has a port in it.
 */
export async function assignPorts<N extends string>(
  folder: DataFolder,
  group: string,
  names: readonly N[],
): Promise<Record<N, number>> {
  const file = folder.file(`ports-${group}.json`);
  const known = readJson<Record<string, number>>(file) ?? {};
  const taken = new Set<number>();
  const ports = {} as Record<N, number>;
  for (const name of names) {
    const last = known[name];
    let port = last !== undefined && !taken.has(last) && (await isPortFree(last)) ? last : await freePort();
    while (taken.has(port)) port = await freePort();
    taken.add(port);
    ports[name] = port;
  }
  writeJson(file, ports);
  return ports;
}
