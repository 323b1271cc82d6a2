/** Where a gateway can be reached: its public URL, and the port that it listens on. */
export type Reached = { url: string; port: number };

/** What a worker has to know beside its environment. It goes over the channel between the two, never by arguments. */
export type Begin = {
  kind: 'begin';
  /** Variables that replace those of the environment, such as the sandbox's and the secret that all share. */
  variables: Record<string, string>;
  /** PEM of the sandbox's certificate, which has to be trusted; undefined without the sandbox. */
  certificate?: string | undefined;
  /** Whether this one says what is unsafe about the configuration: of several, one does. */
  warns: boolean;
};

/** How a worker is to end: `drain` finishes what is in flight, `end` waits for nobody. */
export type Order = 'drain' | 'end';

/** What the process that starts workers says to one of them. */
export type ToWorker = Begin | { kind: Order } | { kind: 'metrics'; id: number };

/** What a worker says. `ready` asks for its beginning: what is sent before it listens to messages is lost. */
export type FromWorker =
  | { kind: 'ready' }
  | ({ kind: 'listening' } & Reached)
  | { kind: 'failed'; message: string }
  | { kind: 'metrics'; id: number; metrics: unknown[] };
