/** What a gateway's metrics were when they were read. */
export type Scrape = {
  text: string;
  /** One for each combination of a name and labels: `mcm_errors_total{face="rest",code="NOT_FOUND"}`. */
  series: string[];
  /** The value of a series; undefined when there is none. */
  value(series: string): number | undefined;
};

/** Reads the metrics of a gateway as Prometheus does. */
export async function scrape({ metricsUrl }: { metricsUrl: string | undefined }): Promise<Scrape> {
  if (metricsUrl === undefined) throw new Error('The gateway serves no metrics; set METRICS_PORT');
  const text = await (await fetch(metricsUrl)).text();
  const values = new Map<string, number>();
  for (const line of text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))) {
    const at = line.lastIndexOf(' ');
    values.set(line.slice(0, at), Number(line.slice(at)));
  }
  return { text, series: [...values.keys()], value: (series) => values.get(series) };
}
