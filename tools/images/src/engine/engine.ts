/** What to build, in words that both engines know. */
export interface Build {
  readonly name: string;
  readonly dockerfile: string;
  readonly context: string;
  readonly target?: string;
  readonly args?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** The time of everything in it, in seconds: the same sources give the same image. */
  readonly epoch: number;
}

export interface Built {
  readonly id: string;
  /** Of all its layers, unpacked. */
  readonly bytes: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** The first process of a container that runs as its image says. */
export interface Running {
  /** Resolves when it has printed a text. @throws when it ended before */
  printed(text: string): Promise<void>;
  /** Sends SIGTERM to it, and resolves to its status. */
  stop(): Promise<number | null>;
}

/** A program that builds images and keeps them. */
export interface Engine {
  readonly name: 'buildah' | 'docker';
  build(build: Build): Promise<void>;
  /** Undefined when there is no such image. */
  inspect(image: string): Promise<Built | undefined>;
  pull(image: string): Promise<void>;
  /** Runs a program in a container of an image, as it is, and returns what it printed. */
  output(image: string, command: readonly string[]): Promise<string>;
  /** Starts the program of a Node image with an environment, on this machine's network. */
  start<T>(image: string, env: Readonly<Record<string, string>>, work: (running: Running) => Promise<T>): Promise<T>;
  /** Writes images into one archive in which they share their layers, ready for `ctr images import` and `docker load`. */
  save(images: readonly string[], file: string): Promise<void>;
}
