import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import type { TracingConfig } from '../config.ts';

/**
 * Which requests are traced, by the names of OpenTelemetry's environment variables (its specification, "General SDK
 * Configuration"): the SDK has these samplers, and leaves it to programs to read the variables.
 */
export function samplerOf({ name, ratio }: TracingConfig['sampler']): Sampler {
  const isParentBased = name.startsWith('parentbased_');
  const root = rootSampler(name.replace('parentbased_', ''), ratio);
  return isParentBased ? new ParentBasedSampler({ root }) : root;
}

function rootSampler(name: string, ratio: number): Sampler {
  if (name === 'always_off') return new AlwaysOffSampler();
  return name === 'traceidratio' ? new TraceIdRatioBasedSampler(ratio) : new AlwaysOnSampler();
}
