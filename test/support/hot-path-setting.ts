/**
 * `HOT_PATH=off npm run check` runs every test with gateways that have no hot path. For the environment of those that
 * tests start; tests of the hot path itself set it.
 */
export const hotPathSetting: Readonly<Record<string, string>> = process.env.HOT_PATH
  ? { HOT_PATH: process.env.HOT_PATH }
  : {};
