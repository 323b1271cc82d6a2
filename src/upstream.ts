/** A call to a cloud, as metrics and traces name it: `azure`, `list subscriptions`. Neither holds what was asked for. */
export type UpstreamCall = { cloud: string; operation: string };

/** Makes a call to a cloud, and notes how long it took and how it ended. */
export type WatchUpstream = <T>(call: UpstreamCall, work: () => Promise<T>) => Promise<T>;

/** For who does not want to know. */
export const unwatched: WatchUpstream = (_call, work) => work();
