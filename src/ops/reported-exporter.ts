import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Log } from '../log.ts';

/**
 * The same exporter, which says once when the collector cannot be reached, and once when it can be again. What
 * could not be sent is lost; nobody waits for it.
 */
export function reportedExporter(exporter: SpanExporter, log: Log): SpanExporter {
  let fails = false;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const failed = result.code !== 0; // ExportResultCode.SUCCESS of @opentelemetry/core
        if (failed && !fails) log.warn({ err: result.error }, 'Traces cannot be sent to the collector');
        if (!failed && fails) log.info('Traces are sent to the collector again');
        fails = failed;
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    async forceFlush() {
      await exporter.forceFlush?.();
    },
  };
}
