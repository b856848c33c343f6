import { type AddressInfo, type Socket, connect, createServer } from 'node:net';

export interface TcpProxy extends AsyncDisposable {
  readonly url: string;
  /** Connections that were opened to it since it was made. */
  readonly opened: number;
  /** Cuts every connection, and refuses new ones. */
  refuse(): void;
  /** Takes connections and bytes, and answers nothing. */
  hang(): void;
  /** Lets everything through again. Connections that hung are cut. */
  restore(): void;
}

/** Stands before a server, and can be as if it were down. */
export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let mode: 'through' | 'refuse' | 'hang' = 'through';
  let opened = 0;
  const cut = () => sockets.forEach((socket) => socket.destroy());
  const server = createServer((near) => {
    opened++;
    if (mode === 'refuse') return void near.destroy();
    sockets.add(near);
    near.on('close', () => sockets.delete(near)).on('error', () => near.destroy());
    if (mode === 'hang') return void near.resume();
    const far = connect(Number(port), hostname);
    sockets.add(far);
    far.on('close', () => (sockets.delete(far), near.destroy())).on('error', () => near.destroy());
    near.on('close', () => far.destroy());
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const set = (next: typeof mode) => () => {
    mode = next;
    cut();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get opened() {
      return opened;
    },
    refuse: set('refuse'),
    hang: set('hang'),
    restore: set('through'),
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
