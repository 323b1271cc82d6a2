import type { Contestant, RunningContestant } from './contestant.ts';
import { operations } from './operations.ts';
import { peerProgram } from './peer-contestants.ts';
import { type Answer, askOnce } from './same-answers.ts';
import { startServer } from './server-process.ts';

/** The limit: answers with the very bytes that `model` answers the first session with. */
export const bareAs = (model: RunningContestant): Contestant => ({
  name: 'bare',
  title: 'node:http with constant answers: no session, no cookie, no query (the limit)',
  operations: operations.map(({ name }) => name),
  async start({ folder, sessions }) {
    const answers: Record<string, Answer> = {};
    for (const operation of operations) {
      const { operationName } = operation.body === undefined ? {} : JSON.parse(operation.body);
      answers[operationName ?? operation.path] = await askOnce(model, operation, 0);
    }
    const server = await startServer({
      command: [process.execPath, peerProgram('bare.ts')],
      folder,
      env: { NODE_ENV: 'production', ANSWERS: JSON.stringify(answers) },
    });
    return { server, cookies: sessions.map(() => model.cookies[0] ?? ''), isConstant: true };
  },
});
