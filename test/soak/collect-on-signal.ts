/**
 * Loaded into the gateway before its program, with `--expose-gc`: SIGUSR2 makes it collect garbage, so that what its
 * heap holds afterwards is what is really in use. Left alone, V8 lets a heap grow for minutes before it looks.
 */

const { gc } = globalThis;
if (!gc) throw new Error('Start it with --expose-gc');
process.on('SIGUSR2', () => void gc());
