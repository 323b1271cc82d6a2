import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds wrong with a page as it is now: the rule, and where. All of its rules are asked but experiments. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // Evaluated rather than put into the page as a script, which its policy would refuse.
  await page.evaluate(axe.source);
  const results = await page.evaluate<axe.AxeResults>(
    'axe.run({ resultTypes: ["violations", "incomplete"] })',
  );
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}
