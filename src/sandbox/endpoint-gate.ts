import { setTimeout as delay } from 'node:timers/promises';
import { type Exchange, sendJson } from './exchange.ts';

/** The endpoints that are counted and can be told to fail. Token endpoints are told apart by their grant. */
export type EndpointName =
  | 'azure.discovery'
  | 'azure.keys'
  | 'azure.authorize'
  | 'azure.token.authorization_code'
  | 'azure.token.refresh_token'
  | 'azure.token.client_credentials'
  | 'arm.subscriptions'
  | 'google.discovery'
  | 'google.keys'
  | 'google.authorize'
  | 'google.token.authorization_code'
  | 'google.token.refresh_token'
  | 'aws.sts.AssumeRole'
  | 'aws.sts.GetCallerIdentity';

/** How often each endpoint was called, calls that met a fault included. */
export type CallCounts = {
  count(name: EndpointName): number;
  reset(): void;
};

/**
 * What goes wrong at an endpoint: another answer, an answer that comes late (and then as always), or a connection
 * that breaks before any answer.
 */
export type Fault =
  | { status: number; body?: unknown; headers?: Record<string, string> }
  | { delayMs: number }
  | { cut: true };

/** Tells endpoints to misbehave. A later `set` for the same endpoint replaces the earlier one. */
export type Faults = {
  /** With `times` the endpoint recovers after so many calls, otherwise at `clear`. */
  set(name: EndpointName, fault: Fault, options?: { times?: number }): void;
  clear(): void;
};

/** Where every call to a named endpoint passes. */
export type EndpointGate = {
  calls: CallCounts;
  faults: Faults;
  /** Counts the call and applies the fault that is set. False: it is answered, or cut, already. */
  admit(name: EndpointName, exchange: Exchange): Promise<boolean>;
};

/** A gate with no counts and no faults. */
export function createEndpointGate(): EndpointGate {
  const counts = new Map<EndpointName, number>();
  const faults = new Map<EndpointName, { fault: Fault; left: number }>();

  function takeFault(name: EndpointName): Fault | undefined {
    const set = faults.get(name);
    if (set === undefined) return undefined;
    set.left -= 1;
    if (set.left <= 0) faults.delete(name);
    return set.fault;
  }

  return {
    calls: {
      count: (name) => counts.get(name) ?? 0,
      reset: () => counts.clear(),
    },
    faults: {
      set: (name, fault, { times = Number.POSITIVE_INFINITY } = {}) => {
        faults.set(name, { fault, left: times });
      },
      clear: () => faults.clear(),
    },
    async admit(name, exchange) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      const fault = takeFault(name);
      if (fault === undefined) return true;
      if ('delayMs' in fault) return waitFor(fault.delayMs, exchange);
      if ('cut' in fault) exchange.request.socket.destroy();
      else sendJson(exchange, fault.status, fault.body ?? {}, fault.headers);
      return false;
    },
  };
}

/** Waits, but no longer than the client does: false when it has gone. */
export async function waitFor(delayMs: number, { gone }: Exchange): Promise<boolean> {
  try {
    await delay(delayMs, undefined, { signal: gone });
    return true;
  } catch {
    return false;
  }
}
