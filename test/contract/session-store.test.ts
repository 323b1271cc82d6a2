import { afterAll } from 'vitest';
import { openLmdbSessionStore } from '../../src/session/lmdb-session-store.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { describeSessionStore } from './session-store-suite.ts';

const folder = createTemporaryFolder();
afterAll(() => folder[Symbol.dispose]());

describeSessionStore('LMDB', (now) => openLmdbSessionStore(folder.path, now));
