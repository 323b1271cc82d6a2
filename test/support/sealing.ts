import { createSealing } from '../../src/session/sealing.ts';
import { createMemoryLog } from './memory-log.ts';

/** The secret of the gateways and records of the tests. */
export const testSecret = 'a secret of the tests with 32 characters or more';

export const testSealing = createSealing({ secrets: [testSecret], log: createMemoryLog().log });
