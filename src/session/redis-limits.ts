/** How long a call to Redis may take before it has failed, in milliseconds: the gateway answers within a second. */
export const callMillis = 700;

/** How long opening connections may take, in milliseconds. */
export const connectMillis = 1_000;

/** How often Redis is asked whether it is still there, and still the primary, in milliseconds. */
export const heartbeatMillis = 300;

/** How long to wait before connections are opened again after they failed, in milliseconds. */
export const pauseMillis = 200;

/** How many calls may wait for an answer at once; further ones fail at once. What waits takes memory. */
export const mostInFlight = 5_000;

/** How long a change may wait until it is sent, in milliseconds; then it still has `callMillis`. */
export const mostQueuedMillis = 250;

/** How long replicas may take to confirm a write, in milliseconds. */
export const waitMillis = 500;
