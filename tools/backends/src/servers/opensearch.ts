import { freshDir, onFreePort, program, startServer } from '@kinora/testing';
import { installJava } from '../install/java';
import { type Server } from './server';

const VERSION = '2.19.5';
const LAUNCHER = 'LoopbackOpenSearch';
const PLUGINS = [
  'transport-netty4-client',
  'analysis-common',
  'mapper-extras-client',
  'lang-painless',
  'opensearch-scripting-painless-spi',
  'reindex-client',
  'parent-join-client',
];

const install = (signal: AbortSignal): Promise<string> =>
  installJava(
    {
      name: `opensearch-${VERSION}`,
      launcher: LAUNCHER,
      artifacts: [
        `org.opensearch:opensearch:${VERSION}`,
        ...PLUGINS.map((plugin) => `org.opensearch.plugin:${plugin}:${VERSION}`),
        // The server's own distribution brings these; its Maven artifact leaves them to whoever embeds it.
        'org.apache.logging.log4j:log4j-core:2.25.3',
        'org.locationtech.jts:jts-core:1.15.0',
        'org.locationtech.spatial4j:spatial4j:0.7',
      ],
    },
    signal,
  );

const healthy = async (url: string): Promise<boolean> =>
  (await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=2s`, { signal: AbortSignal.timeout(5_000) })).ok;

/** The real server, one node, without its security plugin: no TLS, no users, no signatures. */
export const openSearch: Server = {
  name: 'OpenSearch',
  version: VERSION,
  needs: ['a Java 17 development kit and Maven'],
  provides: ['opensearch'],
  install,
  async start() {
    const folder = await install(new AbortController().signal);
    const data = freshDir('kinora-opensearch');
    return onFreePort(async (port) => {
      const url = `http://127.0.0.1:${port}`;
      const child = await startServer({
        name: 'OpenSearch',
        command: program('java'),
        args: [
          ...['-Xms512m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dlog4j2.disable.jmx=true'],
          ...['-cp', `${folder}/classes:${folder}/lib/*`, LAUNCHER, data, String(port)],
        ],
        cwd: data,
        timeoutMs: 120_000,
        ready: () => healthy(url),
      });
      return { address: { opensearch: { url } }, stop: () => child.stop(20_000) };
    });
  },
};
