import { describe, expect, it } from 'vitest';
import { parseBenchOptions } from './bench-options.ts';

describe('the options of the benchmark', () => {
  it('measure everything where none is given', () => {
    const options = parseBenchOptions([]);
    expect(options?.sections.map(({ name }) => name)).toContain('lmdb');
    expect(options).toMatchObject({ rounds: 5, secondsPerRound: 3, memoryRequests: 2_000_000, out: 'docs' });
  });

  it('shorten everything with --quick, but for what is said beside it', () => {
    expect(parseBenchOptions(['--quick', '--rounds', '2'])).toMatchObject({ rounds: 2, secondsPerRound: 1 });
  });

  it('pick sections in the order of the report', () => {
    const options = parseBenchOptions(['--sections', 'redis,lmdb']);
    expect(options?.sections.map(({ name }) => name)).toEqual(['lmdb', 'redis']);
  });

  it.each([['--sections', 'lmbd'], ['--rounds', '0'], ['--seconds', 'soon'], ['--fast']])(
    'refuse %s %s',
    (...args) => {
      expect(() => parseBenchOptions(args)).toThrow();
    },
  );
});
