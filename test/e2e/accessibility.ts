import axe from 'axe-core';
import type { Page } from 'playwright-core';

/**
 * What axe finds wrong with a page as it is now: the rule, and where. All of its rules are asked but experiments;
 * `exclude` is the selector of a part that is somebody else's.
 */
export async function accessibilityFaults(page: Page, exclude?: string): Promise<string[]> {
  // Evaluated rather than put into the page as a script, which its policy would refuse.
  await page.evaluate(axe.source);
  const context = exclude ? { exclude: [[exclude]] } : {};
  const run = `axe.run(${JSON.stringify({ include: [['html']], ...context })})`;
  const { violations } = await page.evaluate<axe.AxeResults>(run);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}
