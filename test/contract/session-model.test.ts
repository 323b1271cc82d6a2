import { afterAll } from 'vitest';
import { openLmdbSessionStore } from '../../src/session/lmdb-session-store.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { describeSessionModel } from './session-model-suite.ts';

const folder = createTemporaryFolder();
afterAll(() => folder[Symbol.dispose]());

describeSessionModel('LMDB', (now) => openLmdbSessionStore(folder.path, now));
