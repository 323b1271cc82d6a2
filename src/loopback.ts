/** Whether a host name (as in `URL.hostname`) is this machine's own. */
export const isLoopbackName = (name: string): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(name);
